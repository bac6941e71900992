// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/script.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

namespace support {

/// The certificate that a FakeProvider shows. All are made in the process; authorityPem() signed them.
enum class Tls {
    None,       ///< plain HTTP
    Trusted,    ///< for localhost, 127.0.0.1 and ::1, signed by the test authority
    WrongName,  ///< signed, in date, for elsewhere.example
    Expired,    ///< right name, signed, ended yesterday
    SelfSigned, ///< right name, in date, signed by itself
};

enum class Listen {
    Answer,
    Refuse,       ///< the port is held, nobody listens: connection refused
    NeverAccept,  ///< the kernel completes connections, nobody reads them
};

/// A provider that does what its scripts say, on a loopback port of its own, in a thread of its own. The first call
/// gets the first script, and so on; the last one repeats. Knows keep-alive and pipelined requests. All functions may
/// be called from any thread. The destructor closes everything and joins the thread.
///
///     FakeProvider first(Script::stream().role().cut());
///     FakeProvider flaky({Script::error(503), Script::answer("pong")});
///     FakeProvider byModel([](const Received &call) { return call.field("model") == "bad" ? Script::error(500) : Script::answer("ok"); });
class FakeProvider
{
public:
    struct Options
    {
        Tls tls = Tls::None;
        Listen listen = Listen::Answer;
        std::uint16_t port = 0;        ///< 0: any free one
        bool ipv6 = false;             ///< ::1 in place of 127.0.0.1
        bool record = true;            ///< false: a request is forgotten once it is answered, for long runs
    };
    /// Decides by the request; runs on the provider's thread.
    using Answerer = std::function<Script(const Received &)>;

    explicit FakeProvider(Script script);
    FakeProvider(std::initializer_list<Script> scripts);
    explicit FakeProvider(Answerer answerer);
    FakeProvider(Script script, Options options);
    FakeProvider(Answerer answerer, Options options);
    /// A port where connections are refused.
    static FakeProvider refusing();
    FakeProvider(FakeProvider &&) noexcept;
    FakeProvider &operator=(FakeProvider &&) noexcept;
    ~FakeProvider();

    /// Appends a script for the call after those already planned.
    FakeProvider &then(Script script);
    /// Forgets the plan: from the next call on it is this script.
    void become(Script script);
    /// Lets every script that waits at hold() go on, or the next one that comes there.
    void release();
    /// Closes every connection that is between two requests, without notice.
    void closeIdleConnections();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string host() const;          ///< "127.0.0.1", "::1"; "localhost" with TLS
    [[nodiscard]] std::string baseUrl() const;       ///< "http://127.0.0.1:PORT/v1", as configuration files say it
    [[nodiscard]] static std::string authorityPem(); ///< the test authority's certificate
    /// The same in a file that lives as long as the process (SSL_CERT_FILE).
    [[nodiscard]] static std::string authorityFile();

    // --- what has happened so far

    [[nodiscard]] std::vector<Received> requests() const;
    [[nodiscard]] std::size_t requestCount() const;
    [[nodiscard]] Received lastRequest() const;      ///< a request without method where none came yet
    [[nodiscard]] std::size_t connectionCount() const;     ///< accepted so far (TLS: TCP connections, also where the handshake failed)
    [[nodiscard]] std::size_t openConnections() const;
    [[nodiscard]] std::size_t failedHandshakes() const;
    [[nodiscard]] std::uint64_t bytesSent() const;   ///< handed to the kernel: stands still under back-pressure
    [[nodiscard]] std::size_t clientsGone() const;   ///< calls whose client closed before the script was through

    // --- waiting for it; false after `limit`. For test threads that have no event loop of their own to turn.

    using Limit = std::chrono::milliseconds;
    [[nodiscard]] bool awaitRequests(std::size_t count, Limit limit = Limit(5000)) const;
    [[nodiscard]] bool awaitHeld(std::size_t count, Limit limit = Limit(5000)) const; ///< scripts that have come to hold(): release() reaches no others
    [[nodiscard]] bool awaitClientsGone(std::size_t count, Limit limit = Limit(5000)) const;
    [[nodiscard]] bool awaitAnswered(std::size_t count, Limit limit = Limit(5000)) const;
    [[nodiscard]] bool awaitNoConnections(Limit limit = Limit(5000)) const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace support
