import { Link, useNavigate, useRouterState } from "@tanstack/react-router"
import { OpenCount } from "../incidents/OpenCount.tsx"
import { Icon } from "../ui/Icon.tsx"
import { Menu } from "../ui/Menu.tsx"
import { navigation } from "./navigation.ts"

/** How many pages a narrow window has room for; the others are in a menu there. */
const roomWhenNarrow = 4

const isWithin = (pathname: string, to: string) =>
  to === "/" ? pathname === "/" || pathname.startsWith("/monitors/") : pathname.startsWith(to)

/** The way to all pages: beside the page, or at the foot of a narrow window. */
export const MainNavigation = () => {
  const navigate = useNavigate()
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  const later = navigation.slice(roomWhenNarrow)
  return (
    <nav aria-label="Main">
      <ul>
        {navigation.map(({ to, label, icon }, index) => (
          <li key={to} className={index < roomWhenNarrow ? "" : "nav-later"}>
            <Link
              to={to}
              activeOptions={{ exact: to === "/", includeSearch: false }}
              {...(to === "/" && isWithin(pathname, to) ? { className: "active" } : {})}
            >
              <Icon name={icon} />
              {label}
              {to === "/incidents" && <OpenCount />}
            </Link>
          </li>
        ))}
        {later.length > 0 && (
          <li className="nav-more">
            <Menu
              label="More pages"
              text={<span aria-hidden="true">More</span>}
              icon={<Icon name="more" />}
              align="end"
              className={later.some(({ to }) => isWithin(pathname, to)) ? "active" : ""}
              items={later.map(({ to, label, icon }) => ({
                label,
                icon: <Icon name={icon} />,
                onSelect: () => void navigate({ to }),
              }))}
            />
          </li>
        )}
      </ul>
    </nav>
  )
}
