// `GET /v1/models`: the models by name, in a list that both providers' clients read.

import ParleyModel

enum ModelList {
    static func json(_ configuration: SimulatorConfiguration) -> JSONValue {
        let names = configuration.models.keys.sorted()
        let models = names.map { name -> JSONValue in
            [
                "id": .string(name), "object": "model", "type": "model", "display_name": .string(name),
                "created": .integer(Int64(Reply.created)), "created_at": "2026-01-01T00:00:00Z", "owned_by": "parley",
            ]
        }
        return [
            "object": "list", "data": .array(models), "has_more": false,
            "first_id": names.first.map(JSONValue.string) ?? .null,
            "last_id": names.last.map(JSONValue.string) ?? .null,
        ]
    }
}
