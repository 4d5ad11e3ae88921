import { project } from "../../vitest.shared.ts"

export default project("worker", { servers: true, exclude: ["test/faults/*.test.ts"] })
