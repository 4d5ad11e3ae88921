import type { CheckKind } from "@uptime/domain/CheckKind"
import type { ReactNode } from "react"
import { Disclosure } from "../../../ui/Disclosure.tsx"
import { useForm } from "../FormContext.tsx"
import { HttpFields } from "../kinds/HttpFields.tsx"
import { DnsFields, DomainFields } from "../kinds/NameFields.tsx"
import { DatabaseFields, RedisFields, SmtpFields } from "../kinds/ServiceFields.tsx"
import { GrpcFields, PingFields, TcpFields, WebsocketFields } from "../kinds/SocketFields.tsx"
import { TlsFields } from "../kinds/TlsFields.tsx"
import type { OptionDrafts } from "../MonitorForm.ts"

/** What a check of the chosen kind is told besides its address. */
export const RequestSection = () => {
  const { form } = useForm()
  const section = sectionOf(form.kind)
  if (section === null) return null
  return (
    <Disclosure title={section.title} summary={summaryOf(form.kind, form.options)}>
      {section.fields}
    </Disclosure>
  )
}

const sectionOf = (kind: CheckKind): { readonly title: string; readonly fields: ReactNode } | null => {
  switch (kind) {
    case "http":
      return { title: "Request", fields: <HttpFields /> }
    case "tcp":
      return { title: "Connection", fields: <TcpFields /> }
    case "dns":
      return { title: "Question", fields: <DnsFields /> }
    case "ping":
      return { title: "Packets", fields: <PingFields /> }
    case "tls":
      return { title: "Certificate", fields: <TlsFields /> }
    case "websocket":
      return { title: "Connection", fields: <WebsocketFields /> }
    case "grpc":
      return { title: "Service", fields: <GrpcFields /> }
    case "smtp":
      return { title: "Session", fields: <SmtpFields /> }
    case "postgres":
    case "mysql":
      return { title: "Login and query", fields: <DatabaseFields kind={kind} /> }
    case "redis":
      return { title: "Login", fields: <RedisFields /> }
    case "domain":
      return { title: "Warning", fields: <DomainFields /> }
    case "heartbeat":
      return null
  }
}

/** What holds, in a few words. */
const summaryOf = (kind: CheckKind, options: OptionDrafts): string => {
  switch (kind) {
    case "http": {
      const { acceptedStatus = ["200-299"], auth, method = "GET" } = options.http
      return [method, ...(auth === undefined ? [] : [authWords[auth.type]]), acceptedStatus.join(", ")].join(" · ")
    }
    case "dns":
      return options.dns.type ?? "A"
    case "ping":
      return `${options.ping.count ?? 3} × ${options.ping.sizeBytes ?? 56} bytes`
    case "tls":
      return `Warns ${options.tls.warnDays ?? 14} days before`
    case "domain":
      return `Warns ${options.domain.warnDays ?? 30} days before`
    case "grpc":
      return options.grpc.service ?? "The server as a whole"
    case "postgres":
    case "mysql":
      return options[kind].query ?? "SELECT 1"
    case "redis":
      return "PING"
    default:
      return ""
  }
}

const authWords = { basic: "Basic", bearer: "Bearer", oauth2: "OAuth 2.0" } as const
