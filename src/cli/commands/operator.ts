// What the operator of a server does in its data folder while it is stopped: `hullo reset-password NAME` for somebody who
// has forgotten theirs, `hullo invite` for a server on which no admin is left, and `hullo invites` for a link that went
// astray. A server that runs holds the folder.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { assembleCore, unlimited } from '../../core/assemble.ts'
import type { Accounts } from '../../core/people/accounts.ts'
import type { Invites } from '../../core/people/invites.ts'
import { inviteLink, usesMax } from '../../core/people/invites.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { CannotOpen, type OpenInvite, type Store } from '../../store/store.ts'
import { readPassword } from '../credentials.ts'
import { type Exit, exitCodesHelp } from '../exit-codes.ts'
import { type Complaint, complain, no } from '../report.ts'
import { checked, parsePublicUrl, whole } from '../../server/settings/option-values.ts'
import { printableLine } from '../../terminal/printable.ts'
import { enginesOf, openStore } from '../../server/engines.ts'
import { profiles } from '../../server/settings/profiles.ts'
import { listenForInterruption, openPrompt } from '../../terminal/prompt.ts'
import * as settingTexts from '../../protocol/texts/settings.ts'
import * as operatorTexts from '../../protocol/texts/operator.ts'
import * as helpTexts from '../../protocol/texts/help.ts'

/** An invite that the operator sends to somebody now. */
const inviteLifeSeconds = 7 * 24 * 3_600

/** Characters of an invite's id that are shown: two that begin alike would take a billion of them. */
const idShown = 16

/** Where a server is that was told nothing else. */
const usualUrl = new URL('http://127.0.0.1:5000/')

/** Invites read at once. */
const pageInvites = 100

interface Tools {
  readonly accounts: Accounts
  readonly invites: Invites
}

interface Options {
  readonly data: string
  readonly passwordMin?: number
  readonly passwordFile?: string
  readonly uses: number
  readonly admin?: true
  readonly url: URL
}

export function inviteCommand(): Command {
  return command('invite', operatorTexts.makeInvite)
    .option('--admin', operatorTexts.inviteAdmin)
    .option('--uses <number>', operatorTexts.inviteUses, whole(1, usesMax), 1)
    .option('--url <url>', operatorTexts.inviteUrl, checked(parsePublicUrl), usualUrl)
    .action((options: Options) =>
      withTools(options, async tools => {
        const draft = { uses: options.uses, expiresInSeconds: inviteLifeSeconds, makesAdmin: options.admin === true }
        const made = await tools.invites.create(null, draft)
        if (made instanceof Refusal) return no('refused', made.message)
        process.stdout.write(`${inviteLink(options.url, made.invite)}\n`)
        return undefined
      }),
    )
}

export function invitesCommand(): Command {
  return command('invites', operatorTexts.listInvites)
    .option('--withdraw <id>', operatorTexts.withdrawInvite)
    .action((options: Options & { readonly withdraw?: string }) =>
      withTools(options, async ({ invites }) => {
        const open = await allOpen(invites)
        if (options.withdraw === undefined) {
          process.stdout.write(open.map(lineOf).join(''))
          return undefined
        }
        return withdraw(invites, open, options.withdraw)
      }),
    )
}

async function allOpen(invites: Invites): Promise<readonly OpenInvite[]> {
  const open: OpenInvite[] = []
  for (;;) {
    const page = await invites.list(open.at(-1)?.inviteHash ?? '', pageInvites)
    open.push(...page.invites)
    if (!page.more) return open
  }
}

function lineOf({ inviteHash, by, makesAdmin, usesLeft, expiresAtMs }: OpenInvite): string {
  const maker = by === null ? operatorTexts.operator : printableLine(by.name)
  const said = operatorTexts.openInvite({ usesLeft, expiresAtSeconds: expiresAtMs / 1_000, maker, makesAdmin })
  return `${inviteHash.slice(0, idShown)}  ${said}\n`
}

async function withdraw(invites: Invites, open: readonly OpenInvite[], id: string): Promise<Complaint | undefined> {
  const [found, ...others] = open.filter(({ inviteHash }) => id !== '' && inviteHash.startsWith(id.toLowerCase()))
  if (found === undefined) return no('refused', operatorTexts.noInvite(id))
  if (others.length > 0) return no('usage', operatorTexts.severalInvites(id))
  const refusal = await invites.withdraw(found.inviteHash)
  if (refusal !== undefined) return no('refused', refusal.message)
  process.stdout.write(`${operatorTexts.withdrawn(found.inviteHash.slice(0, idShown))}\n`)
  return undefined
}

export function resetPasswordCommand(): Command {
  return command('reset-password', operatorTexts.resetPassword)
    .argument('<name>', operatorTexts.account)
    .option('--password-file <file>', helpTexts.passwordFile)
    .option('--password-min <characters>', operatorTexts.passwordMin, whole(1, 64), profiles.public.passwordMin)
    .addHelpText('after', `\n${helpTexts.passwordSources}`)
    .action((name: string, options: Options) =>
      withTools(options, async tools => {
        if ((await tools.accounts.find(name)) === undefined) return no('unknown-user', operatorTexts.noAccount(name))
        using interruption = listenForInterruption()
        await using prompt = openPrompt(interruption, process.stdin, process.stderr)
        const asked = await readPassword({ prompt, interruption }, options, name, true)
        if (!asked.ok) return asked
        const refusal = await tools.accounts.resetPassword(name, asked.password)
        if (refusal !== undefined) return no('refused', refusal.message)
        process.stdout.write(`${operatorTexts.passwordReset(printableLine(name))}\n`)
        return undefined
      }),
    )
}

/** How these commands may end. They call no server, but its rules hold. */
const ends: readonly Exit[] = ['done', 'broken', 'usage', 'refused', 'interrupted']

function command(name: string, description: string): Command {
  const data = new Option('--data <dir>', settingTexts.data).env('HULLO_DATA').default('./hullo-data')
  return new Command(name)
    .description(description)
    .addOption(data)
    .addHelpText('afterAll', exitCodesHelp(...ends))
}

type Work = (tools: Tools) => Promise<Complaint | undefined>

/** Runs `work` on the data; what it returns went wrong, and is said on standard error, with the exit code for it. */
async function withTools(options: Options, work: Work): Promise<void> {
  const complaint = await attempt(options, work)
  if (complaint !== undefined) complain(complaint, false)
}

async function attempt(options: Options, work: Work): Promise<Complaint | undefined> {
  const { data, passwordMin = 1 } = options
  if (!existsSync(join(data, 'hullo.sqlite'))) {
    return no('usage', operatorTexts.noDatabase(data))
  }
  try {
    await using store = openStore(data)
    return await work(toolsOf(store, passwordMin))
  } catch (error) {
    if (error instanceof CannotOpen) return no('broken', error.message)
    throw error
  }
}

/** An operator registers nobody here, so that only the rule for passwords counts. */
function toolsOf(store: Store, passwordMin: number): Tools {
  return assembleCore(enginesOf(store), { ...unlimited, registration: 'closed', passwordMin })
}
