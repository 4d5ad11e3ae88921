import { project } from "../../vitest.shared.ts"

export default project("browser", { include: ["test/browser/**/*.test.ts"], after: true })
