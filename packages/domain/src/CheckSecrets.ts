import type { KindOptions } from "./CheckSpec.ts"

/** Where a secret stands among the options of a check. */
export interface SecretPlace {
  /** Names it for good: `http.auth.password`, `http.secretHeaders.x-token`. What is kept is found again by this. */
  readonly key: string
  /** The fields and indexes that lead to it. */
  readonly path: ReadonlyArray<string | number>
}

/** The same options with another thing in the place of each secret. */
export const mapSecrets = <A, B>(options: KindOptions<A>, f: (secret: A, place: SecretPlace) => B): KindOptions<B> => {
  const { http, mysql, postgres, redis, smtp, websocket, ...others } = options
  return {
    ...others,
    ...(http && { http: mapHttp(http, f) }),
    ...(websocket && { websocket: mapWebsocket(websocket, f) }),
    ...(smtp && { smtp: mapSmtp(smtp, f) }),
    ...(postgres && { postgres: mapDatabase("postgres", postgres, f) }),
    ...(mysql && { mysql: mapDatabase("mysql", mysql, f) }),
    ...(redis && { redis: mapRedis(redis, f) }),
  }
}

type Mapping<A, B> = (secret: A, place: SecretPlace) => B

const at = (...path: ReadonlyArray<string>): SecretPlace => ({ key: path.join("."), path })

const mapHttp = <A, B>(
  { auth, clientCertificate, secretHeaders, ...others }: NonNullable<KindOptions<A>["http"]>,
  f: Mapping<A, B>,
): NonNullable<KindOptions<B>["http"]> => ({
  ...others,
  ...(secretHeaders && { secretHeaders: mapHeaders("http", secretHeaders, f) }),
  ...(auth && { auth: mapAuth(auth, f) }),
  ...(clientCertificate && {
    clientCertificate: {
      ...clientCertificate,
      privateKey: f(clientCertificate.privateKey, at("http", "clientCertificate", "privateKey")),
    },
  }),
})

type HttpAuth<Secret> = NonNullable<NonNullable<KindOptions<Secret>["http"]>["auth"]>

const mapAuth = <A, B>(auth: HttpAuth<A>, f: Mapping<A, B>): HttpAuth<B> => {
  switch (auth.type) {
    case "basic": {
      const { password, ...others } = auth
      return { ...others, ...(password !== undefined && { password: f(password, at("http", "auth", "password")) }) }
    }
    case "bearer":
      return { ...auth, token: f(auth.token, at("http", "auth", "token")) }
    case "oauth2":
      return { ...auth, clientSecret: f(auth.clientSecret, at("http", "auth", "clientSecret")) }
  }
}

const mapSmtp = <A, B>(
  { auth, ...others }: NonNullable<KindOptions<A>["smtp"]>,
  f: Mapping<A, B>,
): NonNullable<KindOptions<B>["smtp"]> => ({
  ...others,
  ...(auth && { auth: { ...auth, password: f(auth.password, at("smtp", "auth", "password")) } }),
})

const mapDatabase = <A, B>(
  kind: "postgres" | "mysql",
  { password, ...others }: NonNullable<KindOptions<A>["postgres"]>,
  f: Mapping<A, B>,
): NonNullable<KindOptions<B>["postgres"]> => ({
  ...others,
  ...(password !== undefined && { password: f(password, at(kind, "password")) }),
})

const mapRedis = <A, B>(
  { password, ...others }: NonNullable<KindOptions<A>["redis"]>,
  f: Mapping<A, B>,
): NonNullable<KindOptions<B>["redis"]> => ({
  ...others,
  ...(password !== undefined && { password: f(password, at("redis", "password")) }),
})

const mapWebsocket = <A, B>(
  { secretHeaders, ...others }: NonNullable<KindOptions<A>["websocket"]>,
  f: Mapping<A, B>,
): NonNullable<KindOptions<B>["websocket"]> => ({
  ...others,
  ...(secretHeaders && { secretHeaders: mapHeaders("websocket", secretHeaders, f) }),
})

interface SecretHeader<Secret> {
  readonly name: string
  readonly value: Secret
}

/** Headers are told apart by their names, and those of one name by their order. */
const mapHeaders = <A, B>(
  kind: string,
  headers: ReadonlyArray<SecretHeader<A>>,
  f: Mapping<A, B>,
): ReadonlyArray<SecretHeader<B>> => {
  const seen = new Map<string, number>()
  return headers.map(({ name, value }, i) => {
    const lower = name.toLowerCase()
    const nth = (seen.get(lower) ?? 0) + 1
    seen.set(lower, nth)
    const key = `${kind}.secretHeaders.${lower}${nth === 1 ? "" : ` ${nth}`}`
    return { name, value: f(value, { key, path: [kind, "secretHeaders", i, "value"] }) }
  })
}
