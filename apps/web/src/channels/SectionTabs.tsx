import { Link } from "@tanstack/react-router"

/** Leads from the channels to the escalations and back. */
export const SectionTabs = () => (
  <nav className="section-tabs" aria-label="Channels and escalations">
    <ul>
      <li>
        <Link to="/channels" activeOptions={{ exact: true }}>
          Channels
        </Link>
      </li>
      <li>
        <Link to="/channels/escalations" activeOptions={{ exact: true }}>
          Escalations
        </Link>
      </li>
    </ul>
  </nav>
)
