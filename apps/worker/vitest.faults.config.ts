import { project } from "../../vitest.shared.ts"

export default project("faults", { include: ["test/faults/*.test.ts"], after: true })
