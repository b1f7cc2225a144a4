import type { NodeRole } from '../../domain/node.ts'
import type { Tone } from '../words.ts'
import classes from './ZoneMap.module.css'

type MapNode = { kafkaId: number; roles: NodeRole[]; zone: string; subnet: string; tone: Tone; words: string }

/**
 * Where the nodes stand: a column for each zone, a tile for each node. A tile with a ring votes in the controller
 * quorum; the colour is the node's health.
 */
export function ZoneMap({ nodes, zones }: { nodes: MapNode[]; zones: string[] }) {
  return (
    <div>
      <ul className={classes.zones} aria-label="Nodes by zone">
        {zones.map((zone) => (
          <ZoneColumn key={zone} zone={zone} nodes={nodes.filter((node) => node.zone === zone)} />
        ))}
      </ul>
      <p className={classes.legend} aria-hidden>
        <span className={classes.tile} data-tone="calm" data-votes>
          1
        </span>
        broker and controller
        <span className={classes.tile} data-tone="calm">
          4
        </span>
        broker
      </p>
    </div>
  )
}

function ZoneColumn({ zone, nodes }: { zone: string; nodes: MapNode[] }) {
  return (
    <li className={classes.zone}>
      <span className={classes.name}>{zone}</span>
      <span className={classes.subnet}>{nodes[0]?.subnet ?? 'no node'}</span>
      <ul className={classes.tiles}>
        {nodes.map((node) => (
          <li key={node.kafkaId}>
            <span
              className={classes.tile}
              data-tone={node.tone}
              data-votes={node.roles.includes('controller') || undefined}
              title={`Node ${node.kafkaId}, ${node.roles.join(' and ')}: ${node.words}`}
            >
              <span className={classes.hidden}>Node </span>
              {node.kafkaId}
              <span className={classes.hidden}>
                , {node.roles.join(' and ')}: {node.words}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </li>
  )
}
