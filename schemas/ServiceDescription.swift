// The description of the coordinator's HTTP API, and the JSON Schemas that it refers to, embedded in the program, which
// serves them beside one another: a reference is a relative path in the repository and over HTTP alike.

/// The API's description.
public enum ServiceDescription {
    /// OpenAPI 3.1, as JSON.
    public static let openAPI = String(decoding: PackageResources.openapi_json, as: UTF8.self)

    /// By file name.
    public static let schemas: [String: String] = [
        "status.schema.json": PackageResources.status_schema_json,
        "findings.schema.json": PackageResources.findings_schema_json,
        "limits.schema.json": PackageResources.limits_schema_json,
        "why.schema.json": PackageResources.why_schema_json,
        "view.schema.json": PackageResources.view_schema_json,
        "ledger.schema.json": PackageResources.ledger_schema_json,
        "pools.schema.json": PackageResources.pools_schema_json,
        "top.schema.json": PackageResources.top_schema_json,
        "tokens.schema.json": PackageResources.tokens_schema_json,
    ].mapValues { String(decoding: $0, as: UTF8.self) }
}
