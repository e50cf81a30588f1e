// PostGraphile on the tables as they are: its Amber preset, plain lists for small relations, documents cached.
// Updates come from PostgreSQL's NOTIFY, whose payload holds all that is asked for.
import { createServer } from 'node:http'
import { extendSchema } from 'postgraphile/utils'
import { makePgService } from 'postgraphile/adaptors/pg'
import { jsonParse } from 'postgraphile/@dataplan/json'
import { context, get, lambda, listen } from 'postgraphile/grafast'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { postgraphile } from 'postgraphile'

const Updates = extendSchema({
  typeDefs: `
    type UpdatedSummons { number: String! title: String! }
    type TaskEvent { type: String! at: Datetime! summons: UpdatedSummons! }
    type TaskUpdate { event: TaskEvent! }
    extend type Subscription { taskUpdates(area: String!): TaskUpdate }
  `,
  objects: {
    Subscription: {
      plans: {
        taskUpdates: {
          subscribePlan: (_, { $area }) =>
            listen(context().get('pgSubscriber'), lambda($area, (area) => `task_updates:${area}`), jsonParse),
          plan: ($told) => $told
        }
      }
    },
    TaskUpdate: { plans: { event: ($told) => get($told, 'event') } }
  }
})
const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [Updates],
  pgServices: [makePgService({
    connectionString: process.env.DATABASE_URL,
    schemas: ['public'],
    pubsub: true,
    poolConfig: { min: 4, max: 8 }
  })],
  schema: { defaultBehavior: '+list' },
  grafast: { explain: false },
  grafserv: {
    graphiql: false, watch: false, websockets: true, maxRequestLength: 1_000_000, parseAndValidateCacheSize: 500
  }
})
const server = createServer()
await instance.createServ(grafserv).addTo(server)
server.listen(Number(process.env.PORT), '127.0.0.1')
