import "../ui/styles/index.css"
import "./app.css"
import { QueryClientProvider } from "@tanstack/react-query"
import { RouterProvider } from "@tanstack/react-router"
import { createRoot } from "react-dom/client"
import { queryClient } from "../api/queryClient.ts"
import { Toasts } from "../ui/Toasts.tsx"
import { router } from "./router.tsx"

const root = document.getElementById("root")

if (root !== null) {
  createRoot(root).render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>,
  )
}
