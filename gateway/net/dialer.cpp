// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/dialer.h"

#include "gateway/net/forwarded.h"
#include "gateway/net/private_address.h"
#include "gateway/net/proxy.h"
#include "gateway/net/upstream_client.h"
#include "gateway/net/worker_core.h"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <deque>
#include <fmt/format.h>
#include <iterator>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace gateway::net {

namespace ip = boost::asio::ip;
using pipeline::Task;

namespace {

/// What this computer lacks says nothing of the provider: no breaker opens for it.
bool isOurOwn(int code)
{
    return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
}

SteadyTime now()
{
    return std::chrono::steady_clock::now();
}

std::unexpected<Error> privateRefusal(const std::string &host, const std::string &address)
{
    return fail(ErrorCode::Connect, fmt::format("{} is at a loopback, private or link-local address ({}), which gateway.allow_private_upstreams does not allow.", host, address),
                std::string(pipeline::privatePlace));
}

/// A tunnel's answer has no business being larger.
constexpr std::size_t maxTunnelHead = 16 * 1024;

} // namespace

/// Connection attempts under way, between them a race.
struct Dialer::Race
{
    struct Try final : ChannelUser
    {
        Try(Race &theRace, const ip::tcp::endpoint &to) : race(theRace), endpoint(to) {}
        void onReadable() override {} // not watched
        void onWritable() override { race.ended(*this, channel->connectError()); }

        Race &race;
        ip::tcp::endpoint endpoint;
        ChannelPtr channel;
    };

    Loop &loop;
    CallWait &wait;
    std::vector<ip::tcp::endpoint> endpoints {};
    std::size_t next = 0;
    std::deque<Try> tries {};
    std::size_t pending = 0;
    ChannelPtr winner {};
    int error = 0;
    ip::tcp::endpoint failed {};

    Race(Loop &theLoop, CallWait &theWait) : loop(theLoop), wait(theWait) {}
    Race(const Race &) = delete;
    Race &operator=(const Race &) = delete;
    ~Race()
    {
        for (Try &one : tries) {
            if (one.channel)
                one.channel->close();
        }
    }

    void startNext()
    {
        Try &one = tries.emplace_back(*this, endpoints[next++]);
        const int descriptor = ::socket(one.endpoint.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        const bool refused = descriptor < 0 || (::connect(descriptor, one.endpoint.data(), static_cast<socklen_t>(one.endpoint.size())) != 0 && errno != EINPROGRESS);
        if (refused) {
            note(one, errno);
            if (descriptor >= 0)
                ::close(descriptor);
            return;
        }
        one.channel.reset(new Channel(loop, descriptor));
        if (!one.channel->open()) {
            note(one, ENOMEM);
            return;
        }
        one.channel->setUser(&one);
        one.channel->watchWrite();
        ++pending;
    }

    void note(const Try &one, int code)
    {
        error = code;
        failed = one.endpoint;
    }

    void ended(Try &one, int code)
    {
        --pending;
        if (code != 0)
            note(one, code);
        else if (!winner)
            winner = one.channel;
        one.channel->setUser(nullptr);
        if (code == 0)
            one.channel.reset(); // the winner's alone
        wait.poke();             // maybe the end of this race
    }
};

/// A question to the resolver, which may be answered after the call has ended.
struct Dialer::Question
{
    CallWait *wait = nullptr;
    Resolver::Answer answer;
};

Dialer::Dialer(WorkerCore &worker, const pipeline::UpstreamRequest &request, std::shared_ptr<UpstreamPool> pool, CallWait &wait, SteadyTime connectBy, SteadyTime deadline)
    : m_worker(worker)
    , m_address(*request.address)
    , m_pool(std::move(pool))
    , m_wait(wait)
    , m_connectBy(connectBy)
    , m_deadline(deadline)
    , m_watch(request.watch)
    , m_shares(request.sharesConnections())
{
}

Dialer::~Dialer()
{
    leaveQueue();
    if (m_connection)
        m_connection->setUser(nullptr);
    if (m_havePlace)
        m_pool->slot().give();
}

std::string Dialer::target() const
{
    return fmt::format("{}:{}", m_address.host, m_address.port);
}

Task<Result<void>> Dialer::pause(const char *step, SteadyTime other)
{
    const SteadyTime due = std::min(std::min(m_connectBy, m_deadline), other);
    co_await m_wait.until(due);
    if (m_wait.cancelled())
        co_return fail(ErrorCode::Cancelled, "The call was cancelled.");
    const SteadyTime moment = now();
    if (moment >= m_deadline)
        co_return fail(ErrorCode::TotalTimeout, fmt::format("The call's time was over while {} {}.", step, target()));
    if (moment >= m_connectBy)
        co_return fail(ErrorCode::ConnectTimeout, fmt::format("No connection within the connect limit: still {} {}.", step, target()));
    co_return Result<void> {};
}

void Dialer::connectionReadable()
{
    m_wait.poke();
}

void Dialer::connectionWritable()
{
    m_wait.poke();
}

void Dialer::placeFree()
{
    m_poked = true;
    m_wait.pokeSoon();
}

Task<Result<UpstreamConnectionPtr>> Dialer::dial(bool mayWait)
{
    const Result<void> place = co_await takePlace(mayWait);
    if (!place)
        co_return std::unexpected(place.error());
    if (m_connection) // one of this worker's came back
        co_return std::move(m_connection);

    if (!m_address.proxy.empty()) {
        Result<UpstreamConnectionPtr> dialed = co_await dialThroughProxy();
        co_return dialed;
    }
    const Result<Addresses> addresses = co_await resolveTarget();
    if (!addresses)
        co_return std::unexpected(addresses.error());
    const Result<void> connected = co_await connect(m_address.host, *addresses, m_address.port);
    if (!connected)
        co_return std::unexpected(connected.error());
    Result<UpstreamConnectionPtr> finished = co_await finish();
    co_return finished;
}

Task<Result<UpstreamConnectionPtr>> Dialer::dialThroughProxy()
{
    const Result<ProxyAddress> proxy = parseProxy(m_address.proxy);
    if (!proxy)
        co_return std::unexpected(proxy.error());
    std::string wanted = m_address.host;
    if (m_address.checkedTunnel) {
        const Result<Addresses> addresses = co_await resolveTarget();
        if (!addresses)
            co_return std::unexpected(addresses.error());
        wanted = addressText(addresses->front());
    } else if (!m_address.allowPrivate && saysPrivate(m_address.host)) {
        co_return privateRefusal(m_address.host, m_address.host);
    }
    // The proxy itself is the operator's own choice, wherever it is.
    const Result<Addresses> itsOwn = co_await resolve(proxy->host);
    if (!itsOwn)
        co_return std::unexpected(itsOwn.error());
    const Result<void> connected = co_await connect(proxy->host, *itsOwn, proxy->port);
    if (!connected)
        co_return std::unexpected(connected.error());
    if (proxy->tls) {
        const Result<void> safe = co_await secure(proxy->host, nullptr);
        if (!safe)
            co_return std::unexpected(safe.error());
    }
    if (m_address.tls || m_address.checkedTunnel) {
        const Result<void> through = co_await tunnel(wanted, proxy->authorization);
        if (!through)
            co_return std::unexpected(through.error());
    }
    Result<UpstreamConnectionPtr> finished = co_await finish();
    co_return finished;
}

/// What is left once the bytes go to the target itself.
Task<Result<UpstreamConnectionPtr>> Dialer::finish()
{
    if (m_address.tls) {
        // A resumed session checks no certificate: it is for one host alone, and so is a pool that is shared.
        TlsSessionSlot *session = m_shares || m_watch != nullptr ? &m_pool->session() : nullptr;
        const Result<void> safe = co_await secure(m_address.host, session);
        if (!safe)
            co_return std::unexpected(safe.error());
    }
    m_connection->setUser(nullptr);
    m_worker.counters().upstreamDials.fetch_add(1, std::memory_order_relaxed);
    co_return std::move(m_connection);
}

void Dialer::leaveQueue()
{
    if (!std::exchange(m_queued, false))
        return;
    std::erase(m_pool->waiting, static_cast<PlaceWait *>(this));
    if (m_pool->waiting.empty())
        return;
    // As long as anybody waits, the slot is asked; and there may be more places than this one took.
    askForPlace();
    m_pool->tellFirst();
}

void Dialer::askForPlace()
{
    if (std::exchange(m_pool->asked, true))
        return;
    // Told from any thread, maybe after this call has ended: only the pool is held, which tells whoever waits then.
    std::weak_ptr<UpstreamPool> weak = m_pool;
    m_pool->slot().await([core = &m_worker, weak, slot = m_pool->sharedSlot()] {
        core->post([weak, slot] {
            const auto pool = weak.lock();
            if (pool)
                pool->asked = false;
            if (pool && !pool->waiting.empty())
                pool->tellFirst();
            else
                slot->wakeOne(); // nobody here wants it any more
        });
    });
    // Idle connections of other workers hold places too.
    m_worker.upstream().askForPlace(m_address.pool);
}

/// No fault of the provider's: the limit is this gateway's own.
Error Dialer::noPlace(std::string_view when) const
{
    return {.code = ErrorCode::Busy, .message = fmt::format("All {} connections to {} that its max_connections allows are in use{}.", m_address.maxConnections, target(), when)};
}

Task<Result<void>> Dialer::takePlace(bool mayWait)
{
    while (!m_pool->slot().take(m_address.maxConnections)) {
        if (!mayWait)
            co_return std::unexpected(noPlace({}));
        if (!std::exchange(m_queued, true))
            m_pool->waiting.push_back(this);
        askForPlace();
        m_poked = false;
        if (m_pool->slot().take(m_address.maxConnections)) // given back between the try and the asking
            break;
        while (!m_poked) {
            const Result<void> paused = co_await pause("waiting for one of the provider's connections (max_connections) to");
            if (!paused && paused.error().code == ErrorCode::ConnectTimeout)
                co_return std::unexpected(noPlace(", and none came free within the connect limit"));
            if (!paused)
                co_return std::unexpected(paused.error());
        }
        m_connection = m_shares ? m_pool->take() : nullptr;
        if (m_connection)
            break;
    }
    m_havePlace = !m_connection; // one that came back brings its own
    m_poked = false;
    leaveQueue();
    co_return Result<void> {};
}

Task<Result<Addresses>> Dialer::resolve(const std::string &host)
{
    Result<Addresses> addresses = co_await lookUp(host);
    if (addresses && m_watch != nullptr) {
        std::vector<std::string> texts;
        for (const ip::address &address : *addresses)
            texts.push_back(addressText(address));
        m_watch->resolved(host, texts);
    }
    co_return addresses;
}

Task<Result<Addresses>> Dialer::lookUp(const std::string &host)
{
    boost::system::error_code notAnAddress;
    const ip::address literal = ip::make_address(host, notAnAddress);
    if (!notAnAddress)
        co_return Addresses {literal};
    Resolver &resolver = m_worker.shared().resolver;
    if (const Resolver::Answer known = resolver.cached(host))
        co_return *known;
    const auto question = std::make_shared<Question>();
    question->wait = &m_wait;
    resolver.resolve(host, [question, core = &m_worker](const Resolver::Answer &answer) {
        core->post([question, answer] {
            question->answer = answer;
            if (question->wait != nullptr)
                question->wait->poke();
        });
    });
    while (!question->answer) {
        const Result<void> paused = co_await pause("resolving the name of");
        if (!paused) {
            question->wait = nullptr;
            co_return std::unexpected(paused.error());
        }
    }
    question->wait = nullptr;
    co_return *question->answer;
}

bool Dialer::mayReach(const ip::address &address) const
{
    if (m_address.allowPrivate || !isPrivate(address))
        return true;
    const auto holds = [plain = plainAddress(address)](const pipeline::Network &network) { return network.contains(plain); };
    return std::ranges::any_of(m_address.privateNetworks, holds);
}

Task<Result<Addresses>> Dialer::resolveTarget()
{
    const Result<Addresses> addresses = co_await resolve(m_address.host);
    if (!addresses)
        co_return std::unexpected(addresses.error());
    Addresses allowed;
    std::ranges::copy_if(*addresses, std::back_inserter(allowed), [this](const ip::address &address) { return mayReach(address); });
    if (allowed.empty())
        co_return privateRefusal(m_address.host, addressText(addresses->front()));
    co_return allowed;
}

Task<Result<void>> Dialer::connect(const std::string &host, const Addresses &addresses, std::uint16_t port)
{
    Race race(m_worker.loop(), m_wait);
    for (const ip::address &address : addresses)
        race.endpoints.emplace_back(address, port);
    race.startNext();
    SteadyTime nextStart = now() + m_worker.shared().options.raceDelay;
    std::size_t started = 1;
    while (!race.winner) {
        const bool more = race.next < race.endpoints.size();
        if (!more && race.pending == 0)
            break;
        if (more && (race.pending == 0 || race.pending < started || now() >= nextStart)) {
            race.startNext();
            started = race.pending;
            nextStart = now() + m_worker.shared().options.raceDelay;
            continue;
        }
        const SteadyTime other = more ? nextStart : pipeline::never;
        const Result<void> paused = co_await pause("connecting to", other);
        if (!paused)
            co_return std::unexpected(paused.error());
    }
    if (!race.winner && isOurOwn(race.error))
        co_return fail(ErrorCode::Busy, fmt::format("This gateway has no room for a connection to {}:{}: {}. Raise the limit of open files (ulimit -n, LimitNOFILE) or lower gateway.max_connections.",
                                                    host, port, std::generic_category().message(race.error)));
    if (!race.winner)
        co_return fail(ErrorCode::Connect, fmt::format("{}:{} ({}) cannot be reached: {}.", host, port, addressText(race.failed.address()), std::generic_category().message(race.error)));
    m_connection = std::make_unique<UpstreamConnection>(m_pool, std::move(race.winner));
    m_havePlace = false; // the connection holds it from here on
    m_connection->setUser(this);
    if (m_watch != nullptr) {
        const ip::address peer = m_connection->channel().peer();
        m_watch->connected(peer.is_unspecified() ? host : addressText(peer), port);
    }
    co_return Result<void> {};
}

Task<Result<void>> Dialer::tunnel(const std::string &host, const std::string &authorization)
{
    Channel &channel = m_connection->channel();
    const bool v6 = host.find(':') != std::string::npos;
    const std::string authority = fmt::format("{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "", m_address.port);
    std::string ask = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", authority);
    if (!authorization.empty())
        ask.append("Proxy-Authorization: ").append(authorization).append("\r\n");
    ask.append("\r\n");
    const iovec piece {ask.data(), ask.size()};
    const Channel::Io sent = channel.send({&piece, 1});
    if (sent.status != Channel::Status::Ok || sent.count != ask.size())
        co_return fail(ErrorCode::Connect, "The proxy closed the connection.");
    ResponseParser &parser = m_connection->parser();
    parser.start(maxTunnelHead, maxTunnelHead, ResponseParser::To::Head);
    for (;;) {
        const ResponseParser::Status status = parser.readHead();
        if (status == ResponseParser::Status::Head)
            break;
        if (status == ResponseParser::Status::Malformed)
            co_return fail(ErrorCode::Connect, fmt::format("The proxy's answer cannot be read: {}.", parser.problem()));
        const Channel::Io io = channel.receive(parser.space());
        if (io.status == Channel::Status::Ok) {
            parser.commit(io.count);
            continue;
        }
        if (io.status != Channel::Status::WantRead)
            co_return fail(ErrorCode::Connect, "The proxy closed the connection without an answer.");
        channel.watchRead();
        const Result<void> paused = co_await pause("waiting for the proxy's way to");
        if (!paused)
            co_return std::unexpected(paused.error());
    }
    const int code = parser.head().status;
    if (code == 407)
        co_return fail(ErrorCode::Connect, "The proxy asks for a user and password (407): set them in gateway.proxy.");
    if (code < 200 || code > 299)
        co_return fail(ErrorCode::Connect, fmt::format("The proxy refused the way to {}: status {}.", authority, code));
    parser.releaseBuffers();
    co_return Result<void> {};
}

Task<Result<void>> Dialer::secure(const std::string &host, TlsSessionSlot *session)
{
    SharedNet &shared = m_worker.shared();
    if (!shared.clientTls)
        co_return fail(ErrorCode::Tls, shared.tlsProblem);
    Channel &channel = m_connection->channel();
    Result<SslPtr> ssl = clientTls(shared.clientTls.get(), host, channel.hasTls() ? -1 : channel.descriptor(), session);
    if (!ssl)
        co_return std::unexpected(ssl.error());
    channel.startTls(std::move(*ssl));
    for (;;) {
        const Channel::Status status = channel.handshake();
        if (status == Channel::Status::Ok) {
            if (m_watch != nullptr && session != nullptr) // not the proxy's
                m_watch->secured(SSL_get_version(channel.ssl()), certificateEnd(channel.ssl()));
            co_return Result<void> {};
        }
        if (status == Channel::Status::WantRead)
            channel.watchRead();
        else if (status == Channel::Status::WantWrite)
            channel.watchWrite();
        else
            co_return fail(ErrorCode::Tls, tlsFailure(channel.ssl(), host, channel.sslError()));
        const Result<void> paused = co_await pause("in the TLS handshake with");
        if (!paused)
            co_return std::unexpected(paused.error());
    }
}

} // namespace gateway::net
