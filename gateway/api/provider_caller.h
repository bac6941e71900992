// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/pipeline/compiled_config.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class QObject;

namespace gateway::net {
class Worker;
}

namespace gateway::api {

class ControlThread;

/// A step of making a connection, told as it is taken.
struct DialStep
{
    enum class Kind : std::uint8_t { Resolved, Connected, Secured };
    Kind kind = Kind::Resolved;
    std::string host;                   ///< Resolved: what was looked up; the proxy's name where there is one
    std::vector<std::string> addresses; ///< Resolved: all; Connected: the one
    std::uint16_t port = 0;             ///< Connected
    std::string protocol;               ///< Secured: "TLSv1.3"
    std::optional<WallTime> until;      ///< Secured: when the certificate ends
};

/// Asks providers on the gateway's own behalf (tests, lists of models) by the upstream client that callers' calls take: the
/// same proxy, check of private addresses and TLS. Answers are bounded; redirects are not followed. Asked on the control
/// thread, and answers there; the talking is a worker's.
class ProviderCaller
{
public:
    struct Question
    {
        pipeline::UpstreamAddress address;
        std::string head;                 ///< request line and headers, with the empty line
        std::string body {};
        std::shared_ptr<const pipeline::CompiledCredential> credential {}; ///< whose proof goes into the head too; null: none
        Duration connect = std::chrono::seconds {5};
        Duration total = std::chrono::seconds {30};
        std::size_t largest = 1024 * 1024; ///< bytes of an answer's body; more is AnswerTooLarge
        bool fresh = false;                ///< over a connection of its own, whose making is told
    };
    struct Reply
    {
        int status = 0;
        std::string body;
    };
    using Done = std::function<void(Result<Reply>)>;
    using OnStep = std::function<void(const DialStep &)>;
    /// The worker that talks; null: none runs (any more).
    using WorkerSource = std::function<net::Worker *()>;

    ProviderCaller(ControlThread &control, WorkerSource worker);
    ~ProviderCaller();

    /// Control thread. @param context  lives there; with it the answer is dropped
    void ask(Question question, QObject *context, Done done, OnStep onStep = {});
    /// Control thread: ends every conversation and waits until their workers have let go of them. Before the workers end:
    /// what still waits on a worker then would never be destroyed.
    void endAll();

    class Running; ///< the conversations under way

private:
    ControlThread &m_control;
    WorkerSource m_worker;
    std::shared_ptr<Running> m_running;
};

} // namespace gateway::api
