// A log's printed results held against its samples: whoever takes over another's figures should know that they follow.

import ParleyModel

/// One metric of a log's header, and what its samples give.
public struct InspectMetricCheck: Hashable, Sendable, Codable {
    public var file: String
    public var scorer: String
    public var reducer: String
    public var metric: String
    /// The metadatum by which errors are clustered.
    public var cluster: String?
    public var printed: Double?
    /// nil where the metric or the reducer is not known here.
    public var recomputed: Double?
    /// nil where there is nothing to compare.
    public var agrees: Bool?

    /// As far as two programs that add in another order may differ, relative to 1 or to the value.
    private static let tolerance = 1e-9

    /// The checks of one log.
    static func checks(of index: InspectLogIndex) -> [InspectMetricCheck] {
        (index.log.header["results"]?["scores"]?.array ?? []).flatMap { score -> [InspectMetricCheck] in
            let scorer = score["scorer"]?.string ?? ""
            let name = score["name"]?.string ?? scorer
            let track = index.scores[name] == nil ? "\(scorer).\(name)" : name
            let reducerName = score["reducer"]?.string
            let reducer = reducerName.map(EpochReducer.init(inspectName:)) ?? .mean
            return (score["metrics"]?.object ?? [:]).sorted { $0.key < $1.key }.map { key, metric in
                let cluster = metric["params"]?["cluster"]?.string
                let base = (metric["name"]?.string ?? key).split(separator: "/").last.map(String.init) ?? key
                let scores = index.scores[track]
                let reduced = reducer.flatMap { reducer in scores.map { $0.reduced(by: reducer) } }
                var check = InspectMetricCheck(
                    file: index.log.path,
                    scorer: track,
                    reducer: reducerName ?? "mean",
                    metric: key,
                    cluster: cluster,
                    printed: metric["value"]?.double,
                    recomputed: reduced.flatMap { scores?.metric(base, over: $0, cluster: cluster) }
                )
                if let printed = check.printed, let recomputed = check.recomputed {
                    check.agrees = abs(printed - recomputed) <= tolerance * max(1, abs(printed))
                }
                return check
            }
        }
    }
}
