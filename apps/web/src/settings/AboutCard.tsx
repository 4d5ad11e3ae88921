/** What runs here, and where its API is described. */
export const AboutCard = () => (
  <section className="card stack" aria-labelledby="settings-about">
    <h2 id="settings-about">About</h2>
    <dl className="settings-facts">
      <div>
        <dt>Version</dt>
        <dd>{__VERSION__}</dd>
      </div>
      <div>
        <dt>API</dt>
        <dd>
          <a href="/docs">Every call, to read and to try</a>
        </dd>
      </div>
      <div>
        <dt>OpenAPI</dt>
        <dd>
          <a href="/openapi.json">/openapi.json</a>
        </dd>
      </div>
    </dl>
  </section>
)
