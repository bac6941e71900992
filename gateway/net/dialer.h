// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/call_wait.h"
#include "gateway/net/resolver.h"
#include "gateway/net/upstream_pool.h"
#include "gateway/pipeline/http.h"

#include <memory>
#include <string>

namespace gateway::net {

class WorkerCore;

/// Makes one connection to a provider: a place under the pool's limit, the name's addresses, a race between them
/// (RFC 8305), the proxy's tunnel, TLS. Each step within the call's limits. Used once.
class Dialer final : private UpstreamUser, private PlaceWait
{
public:
    /// @param request  whose address it is; outlives this
    Dialer(WorkerCore &worker, const pipeline::UpstreamRequest &request, std::shared_ptr<UpstreamPool> pool, CallWait &wait, SteadyTime connectBy, SteadyTime deadline);
    ~Dialer();

    /// A new connection, or one of the pool that came back while this waited for a place.
    /// @param mayWait  false: Busy where there is no place now
    pipeline::Task<Result<UpstreamConnectionPtr>> dial(bool mayWait);

private:
    struct Race;
    struct Question;

    pipeline::Task<Result<void>> takePlace(bool mayWait);
    [[nodiscard]] Error noPlace(std::string_view when) const;
    void askForPlace();
    void leaveQueue();
    pipeline::Task<Result<UpstreamConnectionPtr>> dialThroughProxy();
    pipeline::Task<Result<UpstreamConnectionPtr>> finish();
    pipeline::Task<Result<Addresses>> resolve(const std::string &host);
    pipeline::Task<Result<Addresses>> lookUp(const std::string &host);
    /// The target's addresses, those alone that may be reached.
    pipeline::Task<Result<Addresses>> resolveTarget();
    [[nodiscard]] bool mayReach(const boost::asio::ip::address &address) const;
    /// @param host  for its words
    pipeline::Task<Result<void>> connect(const std::string &host, const Addresses &addresses, std::uint16_t port);
    /// @param host  name or address
    pipeline::Task<Result<void>> tunnel(const std::string &host, const std::string &authorization);
    /// @param session  null: no resumption
    pipeline::Task<Result<void>> secure(const std::string &host, TlsSessionSlot *session);
    /// Waits for the poke of a step, or until `other`; fails where a limit of the call has passed.
    pipeline::Task<Result<void>> pause(const char *step, SteadyTime other = pipeline::never);
    [[nodiscard]] std::string target() const;

    void connectionReadable() override;
    void connectionWritable() override;
    void placeFree() override;

    WorkerCore &m_worker;
    const pipeline::UpstreamAddress &m_address;
    std::shared_ptr<UpstreamPool> m_pool;
    CallWait &m_wait;
    SteadyTime m_connectBy;
    SteadyTime m_deadline;
    pipeline::DialWatch *m_watch;
    bool m_shares; ///< the pool's connections serve, and its TLS session
    UpstreamConnectionPtr m_connection;
    bool m_havePlace = false;
    bool m_poked = false;
    bool m_queued = false;
};

} // namespace gateway::net
