// Stops a process that may not have been made yet: a provider's failure ends the attempt whenever it comes.

import Synchronization

final class StopSwitch: Sendable {
    private let state = Mutex<(process: ProgramProcess?, isThrown: Bool)>((nil, false))

    func connect(_ process: ProgramProcess) {
        let isThrown = state.withLock { state in
            state.process = process
            return state.isThrown
        }
        if isThrown { process.stop() }
    }

    func throwIt() {
        let process = state.withLock { state in
            state.isThrown = true
            return state.process
        }
        process?.stop()
    }
}
