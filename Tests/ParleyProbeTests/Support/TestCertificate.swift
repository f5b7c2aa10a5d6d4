// A self-signed certificate for 127.0.0.1, made with the openssl command at test time.

import Foundation
import NIOSSL

/// A certificate and its key as PEM files in a folder that `remove` deletes.
struct TestCertificate {
    static let openssl = "/usr/bin/openssl"
    static var canBeMade: Bool { FileManager.default.isExecutableFile(atPath: openssl) }

    let folder: URL
    var certificate: String { folder.appending(path: "certificate.pem").path }
    private var key: String { folder.appending(path: "key.pem").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "parley-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.openssl)
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj",
            "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
    }

    func serverContext() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(certificate).map(NIOSSLCertificateSource.certificate)
        let key = try NIOSSLPrivateKey(file: key, format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        )
    }

    func remove() throws { try FileManager.default.removeItem(at: folder) }
}
