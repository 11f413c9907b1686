using System.Text.Json.Nodes;
using Ballast.Host.Tests.Sim;

namespace Ballast.Host.Tests.Configuration;

/// <summary>
/// Two configurations with every section, as different as they can be: what the check says of a member in both is a rule of that member,
/// and what it says in one is a rule between members, which a schema cannot say.
/// </summary>
internal static class SchemaSamples
{
    internal static readonly JsonNode[] Both = [One(25, "air", "sht3x", "\"durationS\": 60", 0, 20), One(40, "meter", "ads1115", "\"endTime\": \"20:00\"", 20, 30)];

    private static JsonNode One(int nameplateW, string role, string chip, string end, int offW, int onW) => JsonNode.Parse($$"""
        {
          "site": "s{{offW}}", "stateDir": "/nonexistent", "meter": { "configured": true }, "secrets": null, "baseW": {{offW}}, "leaseS": {{60 + offW}},
          "mqtt": { "host": "127.0.0.1" }, "http": { "tlsProxies": [ "127.0.0.1" ] },
          "signalBroker": { "host": "10.0.0.{{offW}}", "port": 8883 },
          "sources": [ { "id": "tso", "key": "{{ToySite.Key(1)}}" } ],
          "profiles": [ { "name": "evening", "scope": [ "site" ] } ],
          "schedules": [ { "id": "peak", "limitW": 10, "start": "2026-01-05T17:00", {{end}}, "days": [ "mon" ] } ],
          "price": { "minPowerPerMWh": -{{offW}}, "maxPowerPerMWh": {{nameplateW}}, "maxHashPricePerPhDay": {{nameplateW}} },
          "surplus": [ { "id": "sun", "offW": {{offW}}, "onW": {{onW}}, "largestW": {{1000 * nameplateW}} } ],
          "contacts": [ { "id": "curtail", "line": 17 } ],
          "sensors": [ { "id": "probe", "role": "{{role}}", "chip": "{{chip}}", "address": 68, "steps": [ { "fromC": {{offW}}, "limitW": 0 } ] } ],
          "homeAssistant": {}, "logs": {}, "ledger": {},
          "alerts": { "webhooks": [ { "url": "https://example.org/x" } ], "rules": [ { "code": "suspects" } ],
            "mail": { "host": "mail", "from": "a@example.org", "to": [ "b@example.org" ], "user": "u", "password": "p" } },
          "feeders": [ { "id": "f1", "pods": [ "p1" ] } ],
          "pods": [ { "id": "p1", "key": "{{ToySite.Key(2)}}", "boards": [ { "id": "b01", "key": "{{ToySite.Key(3)}}", "nameplateW": {{nameplateW}} } ] } ]
        }
        """)!;
}
