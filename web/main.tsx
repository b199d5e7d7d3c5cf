// START HERE for the page: the session (model/) is made, and shown. Everything else is reached from App.
import { render } from 'preact'
import { App } from './app.tsx'
import { Session } from './model/session.ts'
import { followTheme } from './model/theme.ts'
import { guardComposition } from './behaviour/input-method.ts'
import { keepFocus } from './behaviour/keep-focus.ts'
import { keepThePage } from './worker/keep.ts'
import './style/tokens.css'
import './style/base.css'

const session = new Session()
followTheme(session.kept)
guardComposition(document)
const root = document.getElementById('app')
if (root !== null) {
  render(<App session={session} />, root)
  keepFocus(root)
}
await session.start()
await keepThePage()
