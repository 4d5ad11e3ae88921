import { useOptions } from "../FormContext.tsx"
import { ChoiceField, CountField, LineField, ListField, SwitchField } from "../fields.tsx"
import { HeaderRows } from "../HeaderRows.tsx"
import { ExchangeFields } from "./ExchangeFields.tsx"
import { StartTlsField } from "./StartTlsField.tsx"

/** What a connection is told, and what is looked for on it. */
export const TcpFields = () => {
  const [tcp, change] = useOptions("tcp")
  return (
    <>
      <SwitchField
        label="TLS from the first byte"
        path="tcp.tls"
        value={tcp.tls}
        onChecked={(tls) => change({ tls })}
      />
      <StartTlsField path="tcp.startTls" value={tcp.startTls} onValue={(startTls) => change({ startTls })} />
      <SwitchField
        label="Accept any certificate"
        path="tcp.ignoreTls"
        value={tcp.ignoreTls}
        onChecked={(ignoreTls) => change({ ignoreTls })}
      />
      <ExchangeFields
        kind="tcp"
        expectHint="The first 64 KiB of the answer must hold it."
        send={tcp.send}
        expect={tcp.expect}
        onSend={(send) => change({ send })}
        onExpect={(expect) => change({ expect })}
      />
    </>
  )
}

/** What a WebSocket is told, and what is looked for on it. */
export const WebsocketFields = () => {
  const [websocket, change] = useOptions("websocket")
  return (
    <>
      <ListField
        label="Subprotocols"
        path="websocket.subprotocols"
        value={websocket.subprotocols}
        onList={(subprotocols) => change({ subprotocols })}
        maxLength={100}
      />
      <HeaderRows
        path="websocket.secretHeaders"
        label="Secret headers"
        secret
        max={10}
        headers={websocket.secretHeaders}
        onHeaders={(secretHeaders) => change({ secretHeaders })}
      />
      <SwitchField
        label="Accept any certificate"
        path="websocket.ignoreTls"
        value={websocket.ignoreTls}
        onChecked={(ignoreTls) => change({ ignoreTls })}
      />
      <ExchangeFields
        kind="websocket"
        expectHint="One of the first 100 messages must hold it."
        send={websocket.send}
        expect={websocket.expect}
        onSend={(send) => change({ send })}
        onExpect={(expect) => change({ expect })}
      />
    </>
  )
}

/** Which service's health a gRPC server is asked for. */
export const GrpcFields = () => {
  const [grpc, change] = useOptions("grpc")
  return (
    <>
      <LineField
        label="Service"
        path="grpc.service"
        value={grpc.service}
        onText={(service) => change({ service })}
        placeholder="The server as a whole"
        maxLength={200}
        hint="As grpc.health.v1 knows it, such as shop.Checkout."
      />
      <SwitchField
        label="Accept any certificate"
        path="grpc.ignoreTls"
        value={grpc.ignoreTls}
        onChecked={(ignoreTls) => change({ ignoreTls })}
      />
    </>
  )
}

/** How often and how much is sent, and how much may be lost. */
export const PingFields = () => {
  const [ping, change] = useOptions("ping")
  return (
    <>
      <div className="field-row">
        <CountField
          label="Requests"
          path="ping.count"
          value={ping.count}
          onValue={(count) => change({ count })}
          min={1}
          max={10}
          placeholder="3"
        />
        <CountField
          label="Payload in bytes"
          path="ping.sizeBytes"
          value={ping.sizeBytes}
          onValue={(sizeBytes) => change({ sizeBytes })}
          min={16}
          max={1_400}
          placeholder="56"
        />
        <CountField
          label="Loss in percent"
          path="ping.maxLossPercent"
          value={ping.maxLossPercent}
          onValue={(maxLossPercent) => change({ maxLossPercent })}
          min={0}
          max={99}
          placeholder="99"
          hint="The most for Up; less than all unless given."
        />
      </div>
      <ChoiceField
        label="Address family"
        path="ping.ipFamily"
        value={ping.ipFamily}
        options={[
          ["any", "IPv4 or IPv6"],
          ["ipv4", "IPv4 only"],
          ["ipv6", "IPv6 only"],
        ]}
        onValue={(ipFamily) => change({ ipFamily })}
      />
    </>
  )
}
