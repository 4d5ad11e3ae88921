import { type UseMutationResult, useMutation } from "@tanstack/react-query"
import { useRouter } from "@tanstack/react-router"
import { type Answer, call, type Request } from "../api/call.ts"
import { meQuery } from "../api/queries.ts"
import { queryClient } from "../api/queryClient.ts"

type Session = Answer<"auth", "login">

const useBegin = <A>(
  begin: (given: A) => Promise<Session>,
  back: string | undefined,
): UseMutationResult<Session, Error, A> => {
  const router = useRouter()
  return useMutation({
    mutationKey: ["session"],
    mutationFn: begin,
    onSuccess: ({ user }) => {
      queryClient.clear()
      queryClient.setQueryData(meQuery.queryKey, user)
      router.history.push(back ?? "/")
    },
  })
}

/** Logs in and goes on to where the person wanted to be. The session's token is in a cookie that no script reads. */
export const useLogin = (back: string | undefined) =>
  useBegin((payload: Request<"auth", "login">["payload"]) => call("auth", "login", { payload }), back)

/** Makes an account, and goes on. */
export const useSignup = (back: string | undefined) =>
  useBegin((payload: Request<"auth", "signup">["payload"]) => call("auth", "signup", { payload }), back)
