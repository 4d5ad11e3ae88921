import { Context, Effect, Layer, type Scope } from "effect"

// biome-ignore lint/suspicious/noExplicitAny: tags are invariant; this is the type that all are of
type Tags = ReadonlyArray<Context.Tag<any, any>>

/**
 * Has a layer built with these services and no others around it. What an app provides at its end reaches every layer of it,
 * and routes of HTTP keep all that was around as they were made, to lay it under the services of each request: in an app of
 * seventy services a request copied seventy entries, a dozen times.
 *
 * @param tags all that the layer asks for
 */
export const builtWith = <const T extends Tags>(...tags: T) => {
  const pick = Context.pick(...tags)
  return <A, E, R extends Context.Tag.Identifier<T[number]>>(
    layer: Layer.Layer<A, E, R>,
  ): Layer.Layer<A, E, Exclude<R, Scope.Scope>> =>
    Layer.scopedContext(
      Effect.gen(function* (): Effect.fn.Return<Context.Context<A>, E, R | Scope.Scope> {
        // What several layers share is made once, here as well.
        const memoMap = yield* Layer.CurrentMemoMap
        const scope = yield* Effect.scope
        return yield* Effect.mapInputContext(
          Layer.buildWithMemoMap(layer, memoMap, scope),
          (context: Context.Context<R>): Context.Context<R> => pick(context),
        )
      }),
    )
}
