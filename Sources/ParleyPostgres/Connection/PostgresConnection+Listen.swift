// Notifications.

extension PostgresConnection {
    /// Hands what has come in to the listeners.
    func takeNotifications() {
        guard let handle else { return }
        while let notice = handle.nextNotification() {
            listeners.deliver(
                PostgresNotification(channel: notice.channel, payload: notice.payload, backendProcess: notice.process)
            )
        }
        if handle.isBad { listeners.finish() }
    }
}
