// Which request goes where. `/m/{model}` before a path plays that model, whatever the body asks for; the model's
// name is percent-encoded where it holds a slash. A target in absolute form (as proxies get it) is taken by its path.

import NIOHTTP1
import ParleyModel

enum Route: Hashable {
    case call(ProviderKind, model: String?)
    case models
    case health
    case statistics
    case control
    case wrongMethod(ProviderKind)
    case notFound(ProviderKind)

    init(_ method: HTTPMethod, _ target: String) {
        // The two paths of nearly every request, compared without cutting the target up.
        if method == .POST {
            if target == "/v1/chat/completions" {
                self = .call(.openai, model: nil)
                return
            } else if target == "/v1/messages" {
                self = .call(.anthropic, model: nil)
                return
            }
        }
        self.init(method, parsing: target)
    }

    private init(_ method: HTTPMethod, parsing target: String) {
        var path = target[...]
        for scheme in ["http://", "https://"] where path.hasPrefix(scheme) {
            path = path.dropFirst(scheme.count).drop { $0 != "/" }
        }
        path = path.prefix { $0 != "?" && $0 != "#" }
        var model: String?
        if path.hasPrefix("/m/") {
            let rest = path.dropFirst(3)
            let name = rest.prefix { $0 != "/" }
            model = Self.percentDecoded(name)
            path = rest.dropFirst(name.count)
        }
        let isPost = method == .POST
        let isGet = method == .GET
        switch path {
        case "/v1/chat/completions": self = isPost ? .call(.openai, model: model) : .wrongMethod(.openai)
        case "/v1/messages": self = isPost ? .call(.anthropic, model: model) : .wrongMethod(.anthropic)
        case "/v1/models": self = isGet ? .models : .wrongMethod(.openai)
        case "/health": self = isGet ? .health : .wrongMethod(.openai)
        case "/stats": self = isGet ? .statistics : .wrongMethod(.openai)
        case "/control": self = isPost ? .control : .wrongMethod(.openai)
        default: self = .notFound(path.hasPrefix("/v1/messages") ? .anthropic : .openai)
        }
    }

    private static func percentDecoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
