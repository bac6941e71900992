// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/clock.h"
#include "gateway/core/error.h"
#include "gateway/core/header_view.h"
#include "gateway/core/pooled_containers.h"
#include "gateway/pipeline/cidr.h"
#include "gateway/pipeline/task.h"
#include "gateway/pipeline/tunnel.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the call path needs of HTTP, declared here and implemented by net/: a caller's request, the way back to the
/// caller, and calls upstream. Everything here lives on one worker thread.
namespace gateway::pipeline {

/// simdjson reads up to this many bytes behind a document: every buffer that holds a body has them.
inline constexpr std::size_t bodyPadding = 64;

using gateway::HeaderView;
using gateway::findHeader;

/// One request as the listener read it: complete, within its limits, well-formed HTTP. The views point into the
/// connection's buffers and hold until the handler's task ends.
struct HttpRequest
{
    std::string_view method;              ///< as sent: "POST"
    std::string_view path;                ///< target before '?', not decoded
    std::string_view query;               ///< target behind '?', may be empty
    std::span<const HeaderView> headers;
    std::string_view body;                ///< decoded transfer coding; bodyPadding readable bytes follow it
    std::string_view peer;                ///< address without port; the forwarded one behind a trusted proxy
    SteadyTime receivedAt {};             ///< when the last byte of the request had been read
};

/// An answer's head. Content-Length, Transfer-Encoding, Connection and Date are net's business.
struct HttpHead
{
    int status = 200;
    std::string_view contentType = "application/json";
    std::string_view headers {};          ///< further lines, each "name: value\r\n"; hold until the answer has begun
    std::optional<std::uint64_t> length {}; ///< of a streamed body, where it is known: then it comes without chunks
};

class CancelSource;
class UpstreamCall;

/// The way back to one caller, for one request. Exactly one of: send(); begin(), write()*, then end() or cut(); join().
/// A false answer means that the caller has left: stop, nothing more will be sent.
class CallerStream
{
public:
    virtual ~CallerStream() = default;
    /// A whole answer in one write. `body` holds until the task ends.
    virtual Task<bool> send(const HttpHead &head, std::string_view body) = 0;
    /// Starts an answer that comes in pieces, chunked unless `head.length` is known; head and first bytes leave in one write.
    virtual Task<bool> begin(const HttpHead &head, std::string_view first) = 0;
    /// Returns when the bytes are with the kernel: a slow caller slows whoever awaits this (back-pressure).
    virtual Task<bool> write(std::string_view bytes) = 0;
    /// The last bytes and the clean end, in one write.
    virtual Task<bool> end(std::string_view last) = 0;
    /// Ends the answer so that the caller sees that it is not whole: the connection closes without a last chunk.
    virtual void cut() = 0;
    /// Answers 101 Switching Protocols and joins the caller's connection with a call's, whose head was 101 too.
    /// @param headers  of the answer, each "name: value\r\n"
    /// @param call     of the same worker's Upstream
    /// @param cancel   outlives the tunnel
    /// @return null: the caller has left
    virtual Task<std::unique_ptr<Tunnel>> join(std::string_view headers, std::unique_ptr<UpstreamCall> call, CancelSource &cancel) = 0;
    /// Called at once, on the worker, when the caller's connection fails or closes while the request runs; cleared by
    /// giving an empty function. The function must only cancel, not await.
    virtual void onGone(std::move_only_function<void()> gone) = 0;
    [[nodiscard]] virtual bool gone() const = 0;
};

/// Handles every request of a worker. Every call ends in exactly one answer, also on exceptions.
class HttpHandler
{
public:
    virtual ~HttpHandler() = default;
    virtual Task<void> handle(const HttpRequest &request, CallerStream &caller) = 0;
    /// A request that never became one (malformed HTTP, too large, too slow): the answer's body in the caller's
    /// probable format, and its record. `status` is 400, 408, 413, 415 (Content-Encoding) or 431; 500 where handle()
    /// ended without an answer or threw, 503 while the gateway shuts down.
    virtual std::string refuse(int status, std::string_view path, std::string_view peer, std::string_view why) = 0;
    /// The worker stops: what runs beside callers' calls ends now. On the worker.
    virtual void abort() {}
    /// Nothing runs beside callers' calls. Any thread.
    [[nodiscard]] virtual bool isIdle() const { return true; }
};

/// Where a provider is. One object for each provider in a CompiledConfig; `pool` survives edits that change nothing
/// here, so that connections do.
struct UpstreamAddress
{
    std::string pool;        ///< pool key: equal keys share connections
    std::string host;        ///< name or address, without brackets
    std::string authority;   ///< Host header: host[:port] where the port is not the scheme's own
    std::uint16_t port = 443;
    bool tls = true;
    std::string proxy {};    ///< "http://[user:password@]host:port" or empty
    int maxConnections = 512;///< over all workers together
    bool allowPrivate = true;///< false: an address of a loopback, private or link-local range is refused after DNS; behind a proxy,
                             ///< which resolves names itself, only addresses and loopback names in `host` can be told
    std::vector<Network> privateNetworks {}; ///< where those are refused: which may be reached all the same
    bool checkedTunnel = false;              ///< behind a proxy: the name is resolved here, and the proxy is asked for a tunnel to an
                                             ///< address that was looked at, for plain HTTP too
};

struct UpstreamLimits
{
    Duration connect {};     ///< name resolution, TCP and TLS together
    Duration idle {};        ///< between two reads, also before the head
    SteadyTime deadline {};  ///< of the whole attempt (total); firstByte is set by UpstreamCall::expectBy
    std::size_t maxHead = 64 * 1024;
    std::size_t maxBody = 64 * 1024 * 1024;
};

/// `Error::where` of a Connect error: the host is at an address that must not be reached (UpstreamAddress::allowPrivate).
inline constexpr std::string_view privatePlace = "private_address";

/// Hears how a call's connection is made, step by step, on the worker: for the test of a provider. Such a call has
/// its connection for itself: none is taken from the pool or given back to it. Through a proxy the first two are about the
/// proxy.
class DialWatch
{
public:
    virtual ~DialWatch() = default;
    virtual void resolved(const std::string &host, const std::vector<std::string> &addresses) = 0;
    virtual void connected(const std::string &address, std::uint16_t port) = 0;
    /// @param protocol  "TLSv1.3"
    /// @param until     the end of the certificate's time; nullopt: it cannot be read
    virtual void secured(const std::string &protocol, std::optional<WallTime> until) = 0;
};

struct UpstreamRequest
{
    const UpstreamAddress *address = nullptr;
    PooledText head;         ///< request line and all headers, with the empty line at its end
    PooledVector<std::string_view> body; ///< pieces, sent one behind another without copying; hold until the answer began
    UpstreamLimits limits;
    DialWatch *watch = nullptr; ///< null: nobody listens; holds until the call began
    bool ownConnection = false; ///< one that nobody uses before or after this call
    bool upgrades = false;      ///< 101 is an answer too: what follows its head is another protocol (CallerStream::join)
    bool onlyIfFree = false; ///< fails with Busy where it would have to wait for a connection under the provider's limit

    [[nodiscard]] bool sharesConnections() const { return watch == nullptr && !ownConnection; }
};

struct UpstreamHead
{
    int status = 0;
    std::vector<HeaderView> headers; ///< views hold as long as the UpstreamCall
};

/// Ends whatever one call awaits right now: its connect, read or pause. One for each call, used on its worker only.
/// The caller leaving, a deadline of the whole call and a drain all go through it.
class CancelSource
{
public:
    /// Marks the call as cancelled and runs the hook, once.
    void cancel()
    {
        m_cancelled = true;
        if (auto hook = std::exchange(m_hook, nullptr))
            hook();
    }
    [[nodiscard]] bool cancelled() const { return m_cancelled; }
    /// Set by net/ while it awaits on behalf of this call; an empty function clears it. The hook must not await.
    void setHook(std::move_only_function<void()> hook) { m_hook = std::move(hook); }

private:
    bool m_cancelled = false;
    std::move_only_function<void()> m_hook;
};

/// Never: the `wake` of a read that waits as long as its limits allow.
inline constexpr SteadyTime never = SteadyTime::max();

/// What a read brought.
struct UpstreamBytes
{
    enum class Kind : std::uint8_t {
        Data, ///< `data` holds until the next read
        End,  ///< the clean end of the answer
        Woken ///< the wake moment passed and nothing came; read again
    };
    Kind kind = Kind::End;
    bool last = false; ///< of Data: nothing follows, and the next read will say End; false: nobody knows
    std::string_view data {};
};

/// One call to a provider, under way. Destroying it ends it: the connection goes back to its pool where the answer was
/// read to its end, and is closed where not.
class UpstreamCall
{
public:
    virtual ~UpstreamCall() = default;
    /// Waits for the status line and headers. true: head() is there; false: the wake moment passed first.
    /// Errors: FirstByteTimeout, IdleTimeout, TotalTimeout, Cut, Malformed (also a head over its limit), Cancelled.
    virtual Task<Result<bool>> readHead(SteadyTime wake) = 0;
    [[nodiscard]] virtual const UpstreamHead &head() const = 0;
    /// The next bytes of the body, transfer coding taken off. A body shorter than its Content-Length, or a connection
    /// lost within chunks, is Cut; one over its limit is AnswerTooLarge.
    virtual Task<Result<UpstreamBytes>> read(SteadyTime wake) = 0;
    /// After this moment a pending or later read fails with FirstByteTimeout; nullopt: content has come, only the idle
    /// and total limits count from here.
    virtual void expectBy(std::optional<SteadyTime> moment) = 0;
};

/// Calls providers. One for each worker.
class Upstream
{
public:
    virtual ~Upstream() = default;
    /// Takes a pooled connection or makes one, and sends the request. A pooled connection that turns out to be stale
    /// before any byte of the answer came is replaced without anybody noticing.
    /// Errors: Busy (no place under the provider's limit within the connect limit), Dns, Connect, Tls (the message names the failed
    /// check), ConnectTimeout, IdleTimeout (the provider takes no more of the request), TotalTimeout, Cancelled.
    /// @param request  its views, and `cancel`, hold until the UpstreamCall is destroyed
    virtual Task<Result<std::unique_ptr<UpstreamCall>>> start(UpstreamRequest request, CancelSource &cancel) = 0;
};

/// Pauses without a system call each: one coarse sweep a worker, some 10 ms.
class Timers
{
public:
    virtual ~Timers() = default;
    /// false: `cancel` ended the pause early.
    virtual Task<bool> pause(Duration duration, CancelSource &cancel) = 0;
    /// Runs `job` on the worker; any thread.
    virtual void post(std::move_only_function<void()> job) = 0;
};

} // namespace gateway::pipeline
