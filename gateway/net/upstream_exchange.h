// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/call_wait.h"
#include "gateway/net/upstream_pool.h"
#include "gateway/pipeline/http.h"

#include <memory>
#include <optional>

namespace gateway::net {

class WorkerCore;

/// One call to a provider: its request on a connection, and the answer. See pipeline::UpstreamCall.
class UpstreamExchange final : public pipeline::UpstreamCall, public Pooled, private UpstreamUser
{
public:
    UpstreamExchange(WorkerCore &worker, std::shared_ptr<UpstreamPool> pool, pipeline::UpstreamRequest request, pipeline::CancelSource &cancel);
    ~UpstreamExchange() override;

    /// Gets a connection and sends the request.
    pipeline::Task<Result<void>> begin() { return connectAndSend(true); }

    pipeline::Task<Result<bool>> readHead(SteadyTime wake) override;
    [[nodiscard]] const pipeline::UpstreamHead &head() const override { return m_connection->parser().head(); }
    pipeline::Task<Result<pipeline::UpstreamBytes>> read(SteadyTime wake) override;
    void expectBy(std::optional<SteadyTime> moment) override;

    /// The connection, once both sides have left HTTP: this call is over then.
    [[nodiscard]] UpstreamConnectionPtr takeConnection() { return std::move(m_connection); }

private:
    enum class Woke : std::uint8_t { Readable, Wake };
    enum class Received : std::uint8_t { Bytes, Nothing, Closed, Lost, Failed };

    void connectionReadable() override;
    void connectionWritable() override;

    pipeline::Task<Result<void>> connectAndSend(bool mayReuse);
    pipeline::Task<Result<void>> sendRest();
    /// One try; true: everything is with the kernel, or the connection refuses more (m_sendFailed).
    [[nodiscard]] bool sendSome();
    void collectPieces();
    Result<void> addressTheProxy();
    Received receive();
    [[nodiscard]] bool mayReplay(Received received) const;
    [[nodiscard]] SteadyTime now() const;
    pipeline::Task<Result<Woke>> awaitReadable(SteadyTime wake);
    [[nodiscard]] std::optional<Error> limitPassed(SteadyTime moment) const;
    [[nodiscard]] Error cutError() const;
    [[nodiscard]] Error malformedError() const;

    WorkerCore &m_worker;
    std::shared_ptr<UpstreamPool> m_pool;
    pipeline::UpstreamRequest m_request;
    CallWait m_wait;
    UpstreamConnectionPtr m_connection;
    PooledVector<iovec> m_pieces;
    std::size_t m_firstPiece = 0;
    SteadyTime m_deadline = pipeline::never;
    SteadyTime m_expectBy = pipeline::never;
    SteadyTime m_lastByte {};
    bool m_sendFailed = false;
    bool m_addressed = false; ///< the head is as a proxy wants it
    bool m_mayReplay = true;
    std::size_t m_burst = 0; ///< bytes read since this last waited
};

} // namespace gateway::net
