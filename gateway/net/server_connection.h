// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/net/channel.h"
#include "gateway/net/deadline_wheel.h"
#include "gateway/net/read_share.h"
#include "gateway/net/request_parser.h"
#include "gateway/net/waiter.h"
#include "gateway/pipeline/http.h"

#include <array>
#include <memory>
#include <string>

namespace gateway::net {

class ConnectionTunnel;
class WorkerCore;

/// One caller's connection: reads its requests one after another, runs the handler for each and carries the answers.
/// While a handler runs, a read stays pending: it notices that the caller left, and keeps what the caller sends ahead,
/// bounded. Lives on one worker, owned by its own coroutine.
class ServerConnection final : public pipeline::CallerStream, private ChannelUser
{
public:
    ServerConnection(WorkerCore &worker, ChannelPtr channel);
    ~ServerConnection();

    static pipeline::Task<void> serve(std::unique_ptr<ServerConnection> self);

    void drain(); ///< an idle connection ends now, a busy one after its answer
    void abort(); ///< ends now, whatever it does

    pipeline::Task<bool> send(const pipeline::HttpHead &head, std::string_view body) override;
    pipeline::Task<bool> begin(const pipeline::HttpHead &head, std::string_view first) override;
    pipeline::Task<bool> write(std::string_view bytes) override;
    pipeline::Task<bool> end(std::string_view last) override;
    void cut() override;
    pipeline::Task<std::unique_ptr<pipeline::Tunnel>> join(std::string_view headers, std::unique_ptr<pipeline::UpstreamCall> call, pipeline::CancelSource &cancel) override;
    void onGone(std::move_only_function<void()> gone) override { m_onGone = std::move(gone); }
    [[nodiscard]] bool gone() const override { return m_gone; }

private:
    friend class WorkerCore; // the list of connections
    enum class Phase : std::uint8_t { Handshake, Reading, Running, Closing };
    enum class Answer : std::uint8_t { None, Streaming, Ended, Cut, Joined };
    enum class Got : std::uint8_t { Request, Refused, Nothing };

    void onReadable() override;
    void onWritable() override;
    static void onDeadline(void *self);

    pipeline::Task<bool> handshake();
    pipeline::Task<Got> readRequest();
    [[nodiscard]] bool receiveSome(); ///< false: the connection has ended
    void setReadDeadline();
    [[nodiscard]] bool mayReadOn(); ///< false: refused; m_refusal says why
    pipeline::Task<void> handleRequest();
    pipeline::Task<void> runHandler(pipeline::HttpRequest &request);
    [[nodiscard]] bool decodeBody(std::string_view &body); ///< false: refused; m_refusal says why
    pipeline::Task<void> refuse(int status, std::string_view why);
    pipeline::Task<void> linger();
    void readAhead();
    void callerGone();
    void resetAnswer();
    [[nodiscard]] std::string_view peer();

    void appendHead(const pipeline::HttpHead &head);
    void finishHead(bool keepAlive);
    void addLength(std::uint64_t length);
    void addPiece(std::string_view bytes);
    void addChunk(std::string_view bytes);
    /// Sends m_pieces; true: all of it is with the kernel. Otherwise flush() goes on.
    [[nodiscard]] bool sendSome();
    pipeline::Task<bool> flush();

    WorkerCore &m_worker;
    ChannelPtr m_channel;
    RequestParser m_parser;
    ReadShare m_share;
    Waiter m_waiter;
    Deadline m_deadline;
    std::shared_ptr<const struct ServerSettings> m_settings;
    SteadyTime m_requestStarted {};
    std::move_only_function<void()> m_onGone;
    std::string m_out;      ///< the head under way
    std::string m_peer;     ///< of the connection
    std::string m_forwarded;///< of the request, behind a trusted proxy
    std::string m_decoded;  ///< a body whose Content-Encoding was taken off
    std::string m_refusal;
    int m_refusalStatus = 0;
    std::array<char, 24> m_chunkHead {};
    std::array<iovec, 5> m_pieces {};
    std::size_t m_pieceCount = 0;
    std::optional<std::uint64_t> m_left; ///< of a streamed answer's promised length
    std::size_t m_firstPiece = 0;
    Phase m_phase = Phase::Reading;
    Answer m_answer = Answer::None;
    bool m_expired = false;
    bool m_gone = false;
    bool m_closing = false; ///< no further request is taken
    bool m_continued = false;
    bool m_headOnly = false;
    bool m_chunked = false;
    ConnectionTunnel *m_tunnel = nullptr; ///< while there is one; it takes itself out
    ServerConnection *m_previous = nullptr;
    ServerConnection *m_next = nullptr;
};

} // namespace gateway::net
