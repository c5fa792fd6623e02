import Logging
import NIOCore

/// One command to one server on a connection of its own, which is closed afterwards.
enum RedisQuestion {
    /// Asks once, without trying again; completes on the loop, exactly once, at the latest after twice the time that a
    /// connection may take to open.
    static func ask(
        _ command: RedisCommand,
        _ configuration: RedisConfiguration,
        on eventLoop: any EventLoop,
        completion: @escaping RedisConnection.Completion
    ) {
        let connector = RedisConnector(configuration: configuration, eventLoop: eventLoop)
        let timeout = TimeAmount(configuration.connectTimeout)
        let deadline = NIODeadline.now() + timeout
        // The connector lives as long as it opens.
        connector.open(configuration.endpoint, timeout: timeout).assumeIsolated().whenComplete { [connector] result in
            withExtendedLifetime(connector) {}
            let session: RedisSession
            do {
                session = try result.get().pipeline.syncOperations.handler(type: RedisSession.self)
                if let error = session.ending { throw error }
            } catch let error as RedisError {
                return completion(.failure(error))
            } catch {
                return completion(.failure(RedisError(connecting: error, to: configuration.endpoint)))
            }
            RedisHandshake(configuration).run(on: session, deadline: deadline) { outcome in
                if case .failure(let error) = outcome {
                    session.end(error)
                    return completion(.failure(error))
                }
                session.send(deadline: .now() + timeout) { result in
                    completion(result)
                    session.end(RedisError(code: .shutDown, message: "the question was answered"))
                } encode: {
                    command.write(to: &$0)
                }
            }
        }
    }
}
