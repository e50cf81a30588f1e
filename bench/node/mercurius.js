// Mercurius with its JIT, on plain SQL: batched loaders, prepared statements by name, moments kept as text.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import pg from 'pg'

pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => `${text.replace(' ', 'T')}:00`)
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, min: 4, max: 8 })
const names = new Map()

async function rows (text, ...values) {
  if (!names.has(text)) names.set(text, `statement${names.size}`)
  return (await pool.query({ name: names.get(text), text, values })).rows
}

const schema = `
  type Area {
    code: String! name: String! parent: Area
    towns: [Area!]! villages: [Area!]! grids: [Area!]!
    figures(since: String!, until: String!): [Figures!]!
  }
  type Figures { code: String! name: String! issued: Int! due: Int! resolved: Int! closingRate: Float }
  type Unit { id: ID! name: String! }
  type Member { id: ID! name: String! }
  type Task { id: ID! state: String! dueAt: String unit: Unit! responsible: Member }
  type Summons {
    id: ID! number: String! title: String! category: String! state: String! issuedAt: String dueAt: String
    issuer: Area! tasks: [Task!]!
  }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Edge { cursor: String! node: Summons! }
  type Connection { edges: [Edge!]! pageInfo: PageInfo! }
  type Event { type: String! at: String! summons: Summons! }
  type Update { event: Event! }
  type Query {
    summons(id: ID!): Summons
    summonses(town: String!, state: String!, first: Int!): Connection!
    area(code: String!): Area
  }
  type Mutation { acceptTask(task: ID!, actor: ID!): Task! }
  type Subscription { taskUpdates(area: String!): Update! }
`

const SUMMONS = `SELECT id, number, title, category, state, issued_at AS "issuedAt", due_at AS "dueAt", issuer_id,
  listed_at FROM`
const cursor = (summons) => Buffer.from(`${summons.listed_at}|${summons.id}`).toString('base64url')

const resolvers = {
  Query: {
    summons: async (_, { id }) => (await rows(`${SUMMONS} summons WHERE id = $1`, id))[0],
    area: async (_, { code }) => (await rows('SELECT code, name, parent_id FROM area WHERE code = $1', code))[0],
    summonses: async (_, { town, state, first }) => {
      const found = await rows(
        `${SUMMONS} town_summonses($1, $2) ORDER BY listed_at DESC, id DESC LIMIT $3`, town, state, first + 1)
      const edges = found.slice(0, first).map((node) => ({ cursor: cursor(node), node }))
      return { edges, pageInfo: { hasNextPage: found.length > first, endCursor: edges.at(-1)?.cursor ?? null } }
    }
  },
  Area: {
    figures: async ({ code }, { since, until }) => rows(
      'SELECT code, name, issued, due, resolved, closing_rate AS "closingRate" FROM town_figures($1, $2, $3)',
      code, since, until)
  },
  Mutation: {
    acceptTask: async (_, { task, actor }, { pubsub }) => {
      const [accepted] = await rows('SELECT id, state, summons_id, path, updated_at FROM accept_task($1, $2)', task, actor)
      await publish(pubsub, accepted)
      return accepted
    }
  },
  Subscription: {
    taskUpdates: {
      subscribe: (_, { area }, { pubsub }) => {
        listened.add(area)
        return pubsub.subscribe(area)
      }
    }
  }
}

// What an update tells is read only where somebody has ever listened.
const listened = new Set()
async function publish (pubsub, accepted) {
  const area = accepted.path.split('.').at(-2)
  if (!listened.has(area)) return
  const [summons] = await rows(`${SUMMONS} summons WHERE id = $1`, accepted.summons_id)
  const taskUpdates = { event: { type: 'task.accepted', at: accepted.updated_at, summons } }
  await pubsub.publish({ topic: area, payload: { taskUpdates } })
}

const one = (table, key, by) => async (queries) => {
  const keys = [...new Set(queries.map(({ obj }) => obj[key]))].filter((value) => value !== null)
  const columns = table === 'area' ? 'code, name, parent_id' : 'id, name'
  const found = await rows(`SELECT ${columns} FROM ${table} WHERE ${by} = ANY($1)`, keys)
  const known = new Map(found.map((row) => [row[by], row]))
  return queries.map(({ obj }) => known.get(obj[key]) ?? null)
}
const many = (text, key, group) => async (queries) => {
  const found = Map.groupBy(await rows(text, queries.map(({ obj }) => obj[key])), (row) => row[group])
  return queries.map(({ obj }) => found.get(obj[key]) ?? [])
}
const below = (level) => many(
  `SELECT code, name, parent_id FROM area WHERE parent_id = ANY($1) AND level = '${level}' ORDER BY code`, 'code', 'parent_id')
const tasks = many(`SELECT id, state, due_at AS "dueAt", unit_id, responsible_id, summons_id FROM task
  WHERE summons_id = ANY($1) ORDER BY lead DESC, created_at, id`, 'id', 'summons_id')

// Mercurius's own cache inside a request costs more than it saves: the loaders ask for each key once as it is.
const uncached = (loaders) => Object.fromEntries(
  Object.entries(loaders).map(([name, loader]) => [name, { loader, opts: { cache: false } }]))
const loaders = {
  Area: uncached({
    parent: one('area', 'parent_id', 'code'),
    towns: below('TOWN'),
    villages: below('VILLAGE'),
    grids: below('GRID')
  }),
  Summons: uncached({ issuer: one('area', 'issuer_id', 'code'), tasks }),
  Task: uncached({ unit: one('unit', 'unit_id', 'id'), responsible: one('member', 'responsible_id', 'id') })
}

const app = Fastify({ logger: false })
app.register(mercurius, {
  schema,
  resolvers,
  loaders,
  jit: 1,
  graphiql: false,
  subscription: true
})
app.get('/healthz', async () => ({ status: 'ok' }))
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
