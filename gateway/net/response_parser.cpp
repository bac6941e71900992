// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/response_parser.h"

#include "gateway/core/text.h"

#include <algorithm>
#include <cstring>

namespace gateway::net {

namespace {

constexpr std::size_t maxHeaders = 512;
constexpr std::size_t readRoom = BufferPool::blockSize - pipeline::bodyPadding;

} // namespace

ResponseParser::ResponseParser(BufferPool &pool)
    : m_in(pool)
    , m_headBuffer(pool)
{
}

void ResponseParser::start(std::size_t maxHead, std::size_t maxBody, To to)
{
    releaseBuffers();
    m_headSize = 0;
    m_scan = {};
    m_chunks.reset();
    m_head.status = 0;
    m_head.headers.clear();
    m_framing = Framing::None;
    m_left = m_bodyBytes = 0;
    m_skipped = 0;
    m_maxHead = maxHead;
    m_maxBody = maxBody;
    m_to = to;
    m_began = m_haveHead = m_ended = false;
    m_keepAlive = true;
    m_problem = nullptr;
}

std::span<char> ResponseParser::space()
{
    if (m_in.capacity() == 0)
        m_in.reserve(readRoom);
    else if (!m_haveHead && m_in.tail().empty())
        m_in.reserve(std::min(2 * m_in.size(), m_maxHead + BufferPool::blockSize));
    return m_in.tail();
}

void ResponseParser::commit(std::size_t count)
{
    m_began = m_began || count > 0;
    m_in.commit(count);
}

ResponseParser::Status ResponseParser::malformed(const char *why)
{
    m_problem = why;
    m_keepAlive = false;
    return Status::Malformed;
}

ResponseParser::Status ResponseParser::readHead()
{
    if (m_problem != nullptr)
        return Status::Malformed;
    while (!m_haveHead) {
        if (m_in.empty())
            return Status::NeedMore;
        const std::string_view bytes = m_in.view();
        if (m_scan.lineStart == 0 && !std::string_view("HTTP/").starts_with(bytes.substr(0, 5)))
            return malformed("the answer is not HTTP/1");
        const HeadScan::Found found = m_scan.advance(bytes);
        if (found == HeadScan::Found::BareLineFeed)
            return malformed("a line of the answer's head ends in a bare line feed");
        const std::size_t size = found == HeadScan::Found::End ? m_scan.lineStart : bytes.size();
        if (m_skipped + size > m_maxHead)
            return malformed("the answer's head is over its limit");
        if (found == HeadScan::Found::More)
            return Status::NeedMore;
        const Status status = parseHead(bytes.substr(0, size));
        if (status == Status::Malformed)
            return status;
        if (m_head.status < 200 && m_head.status != 101) { // 100, 102, 103: another head follows (RFC 9110 15.2)
            m_skipped += size;
            m_in.consume(size);
            m_scan = {};
            m_head.headers.clear();
            continue;
        }
        beginBody(size);
    }
    return Status::Head;
}

ResponseParser::Status ResponseParser::parseHead(std::string_view head)
{
    const std::size_t lineEnd = head.find("\r\n");
    if (const char *problem = parseStatusLine(head.substr(0, lineEnd)))
        return malformed(problem);
    if (const char *problem = parseFields(head.substr(lineEnd + 2), m_head.headers))
        return malformed(problem);
    if (m_head.headers.size() > maxHeaders)
        return malformed("the answer has more than 512 headers");
    if (m_head.status == 101 && m_to != To::Upgrade)
        return malformed("the answer switches to a protocol that nobody asked for");
    if (const char *problem = parseFraming())
        return malformed(problem);
    return Status::Head;
}

const char *ResponseParser::parseStatusLine(std::string_view line)
{
    // "HTTP/1.1 200" and whatever words follow.
    if (line.size() < 12 || !(line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ")))
        return "the answer's status line is not HTTP/1.1 or HTTP/1.0";
    const auto status = parseLength(line.substr(9, 3));
    if (!status || *status < 100 || *status > 599 || (line.size() > 12 && line[12] != ' '))
        return "the answer's status is not a number from 100 to 599";
    m_head.status = static_cast<int>(*status);
    m_keepAlive = line[7] == '1';
    return nullptr;
}

const char *ResponseParser::parseFraming()
{
    bool chunked = false;
    bool coded = false;
    std::optional<std::uint64_t> length;
    for (const pipeline::HeaderView &field : m_head.headers) {
        if (field.name.size() == 14 && equalsIgnoringCase(field.name, "content-length")) {
            const auto value = parseLength(field.value);
            if (!value)
                return "the answer's Content-Length is not a number";
            if (length && *length != *value)
                return "the answer has two different Content-Length headers";
            length = value;
        } else if (field.name.size() == 17 && equalsIgnoringCase(field.name, "transfer-encoding")) {
            if (coded || !equalsIgnoringCase(field.value, "chunked"))
                return "the answer's Transfer-Encoding is something other than chunked";
            coded = chunked = true;
        } else if (field.name.size() == 10 && equalsIgnoringCase(field.name, "connection")) {
            if (listHas(field.value, "close"))
                m_keepAlive = false;
            else if (listHas(field.value, "keep-alive"))
                m_keepAlive = true;
        }
    }
    if (m_to == To::Head || m_head.status < 200 || m_head.status == 204 || m_head.status == 304) {
        m_framing = Framing::None;
        m_keepAlive = m_keepAlive && m_head.status != 101;
    } else if (chunked) {
        m_framing = Framing::Chunked;
        if (length) // RFC 9112 6.3: the coding counts, and the connection is not to be trusted further
            m_keepAlive = false;
    } else if (length) {
        m_framing = Framing::Length;
        m_left = *length;
    } else {
        m_framing = Framing::UntilClose;
        m_keepAlive = false;
    }
    return nullptr;
}

void ResponseParser::beginBody(std::size_t headSize)
{
    m_haveHead = true;
    m_headSize = headSize;
    if (m_framing == Framing::None || (m_framing == Framing::Length && m_left == 0)) {
        m_ended = true;
        return;
    }
    if (m_framing != Framing::Length || m_in.size() - headSize < m_left)
        setHeadAside();
}

/// The views of the head outlive the body's pieces, and a stream that waits must not hold a block for their sake.
void ResponseParser::setHeadAside()
{
    const char *const before = m_in.data();
    m_headBuffer.reserve(m_headSize);
    m_headBuffer.append(m_in.view().substr(0, m_headSize));
    const char *const behind = m_headBuffer.data();
    const auto moved = [before, behind](std::string_view text) { return text.empty() ? text : std::string_view(behind + (text.data() - before), text.size()); };
    for (pipeline::HeaderView &field : m_head.headers)
        field = {moved(field.name), moved(field.value)};
    m_in.consume(m_headSize);
    m_headSize = 0;
}

ResponseParser::Status ResponseParser::count(std::string_view piece, std::string_view &out)
{
    m_bodyBytes += piece.size();
    if (m_bodyBytes > m_maxBody) {
        m_keepAlive = false;
        return Status::TooLarge;
    }
    out = piece;
    return Status::Data;
}

ResponseParser::Status ResponseParser::readBody(std::string_view &out)
{
    out = {};
    if (m_problem != nullptr)
        return Status::Malformed;
    if (m_ended)
        return Status::End;
    const std::size_t from = m_headSize;
    if (m_framing == Framing::Length && m_left > m_maxBody - std::min<std::uint64_t>(m_bodyBytes, m_maxBody)) {
        m_keepAlive = false;
        return Status::TooLarge; // known before reading it
    }
    const std::string_view input = m_in.view().substr(from);
    if (input.empty())
        return Status::NeedMore;
    if (m_framing == Framing::Chunked)
        return readChunks(out);
    std::string_view piece = input;
    if (m_framing == Framing::Length) {
        piece = input.substr(0, m_left);
        m_left -= piece.size();
        m_ended = m_left == 0;
        if (piece.size() < input.size())
            m_keepAlive = false; // more than Content-Length says: nobody knows whose bytes those are
    }
    dropBody(); // the piece stays readable until space() is written to
    return count(piece, out);
}

ResponseParser::Status ResponseParser::readChunks(std::string_view &out)
{
    const std::size_t from = m_headSize;
    char *const start = m_in.data() + from;
    std::string_view input = m_in.view().substr(from);
    std::size_t gathered = 0;
    // The data of all chunks at hand, moved together: one piece for each read, however small the chunks.
    while (!input.empty() && !m_ended) {
        const ChunkDecoder::Step step = m_chunks.step(input);
        input.remove_prefix(step.used);
        if (step.status == ChunkDecoder::Status::Bad) {
            if (gathered == 0)
                return malformed(m_chunks.problem());
            m_problem = m_chunks.problem(); // what came before it is still good
            m_keepAlive = false;
            break;
        }
        if (step.status == ChunkDecoder::Status::End)
            m_ended = true;
        if (step.status == ChunkDecoder::Status::Data) {
            if (start + gathered != step.data.data())
                std::memmove(start + gathered, step.data.data(), step.data.size());
            gathered += step.data.size();
        }
    }
    if (!input.empty())
        m_keepAlive = false;
    dropBody();
    if (gathered > 0)
        return count({start, gathered}, out);
    return m_ended ? Status::End : Status::NeedMore;
}

ResponseParser::Status ResponseParser::closed(bool clean)
{
    m_keepAlive = false;
    if (m_problem != nullptr)
        return Status::Malformed;
    if (m_ended || (clean && m_haveHead && m_framing == Framing::UntilClose)) {
        m_ended = true;
        return Status::End;
    }
    return Status::Cut;
}

bool ResponseParser::reusable() const
{
    return m_ended && m_keepAlive && m_in.size() == m_headSize;
}

void ResponseParser::dropBody()
{
    if (m_headSize == 0)
        m_in.clear();
    else
        m_in.truncate(m_headSize);
}

void ResponseParser::rest()
{
    if (m_in.empty())
        m_in.release();
}

std::string ResponseParser::takeRest()
{
    std::string rest(m_in.view().substr(m_headSize));
    m_in.truncate(m_headSize);
    return rest;
}

void ResponseParser::releaseBuffers()
{
    m_in.release();
    m_headBuffer.release();
}

} // namespace gateway::net
