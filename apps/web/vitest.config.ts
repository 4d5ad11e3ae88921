import { mergeConfig } from "vitest/config"
import { project } from "../../vitest.shared.ts"
import { contractRoutes } from "./build/contractRoutes.ts"

export default mergeConfig(project("web", { include: ["test/unit/**/*.test.ts"] }), { plugins: [contractRoutes()] })
