// A value of the round file that is handed on as JSON: options of programs and arguments of tasks, which only they
// understand. Unquoted words mean what they mean in JSON; everything else is text.

import ParleyModel
import Yams

extension Field {
    /// The value as JSON; nil where a part of it has no JSON form, which is reported.
    func json() -> JSONValue? {
        switch node {
        case .scalar(let scalar):
            guard scalar.style == .plain else { return .string(scalar.string) }
            if isNull { return .null }
            if let parsed = try? JSONValue(parsing: scalar.string), parsed.string == nil, parsed.array == nil,
                parsed.object == nil
            {
                return parsed
            }
            return .string(scalar.string)
        case .sequence:
            let items = list(allowEmpty: true) ?? []
            let values = items.compactMap { $0.json() }
            return values.count == items.count ? .array(values) : nil
        case .mapping:
            var members: [String: JSONValue] = [:]
            for (key, value) in Fields.pairs(of: self) {
                guard let value = value.json() else { return nil }
                members[key.key] = value
            }
            return .object(members)
        case .alias:
            fail("'\(key)' holds an alias that leads nowhere", "write the value itself")
            return nil
        }
    }
}
