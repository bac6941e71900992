// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/net/request_parser.h"

#include "gateway/core/text.h"

#include <algorithm>

namespace gateway::net {

namespace {

constexpr std::size_t maxHeaders = 256;
constexpr std::size_t maxMethod = 32;
constexpr std::size_t headRoom = 1024;
constexpr std::size_t chunkRoom = 1024;
constexpr std::size_t manyChunksRoom = 8 * 1024;
/// A body's buffer never gets ahead of what arrived by more than this or its own size, whatever Content-Length promises.
constexpr std::size_t bodyStep = 16 * 1024;

bool isTargetChar(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte < 0x7f && c != '#';
}

} // namespace

RequestParser::RequestParser(BufferPool &pool, Limits limits)
    : m_pool(pool)
    , m_limits(limits)
    , m_in(pool)
    , m_body(pool)
    , m_ahead(pool)
{
}

std::span<char> RequestParser::space()
{
    switch (m_state) {
    case State::Refused: return {};
    case State::Complete:
        if (m_ahead.empty() && !m_in.tail().empty())
            return m_in.tail();
        m_ahead.reserve(1);
        return m_ahead.tail();
    case State::Body:
        if (readsBodyApart()) {
            m_body.reserve(bodyRoom());
            return m_body.tail().first(std::min<std::size_t>(m_body.tail().size(), m_length - m_body.size()));
        }
        return m_in.tail(); // never empty: a body in place fits, and chunks are taken out as they arrive
    case State::Head: break;
    }
    if (m_in.capacity() == 0)
        return m_pool.scratch(); // most requests come whole: what they hold is what they need
    if (m_in.tail().size() < headRoom)
        m_in.reserve(m_in.size() + std::min(std::max(m_in.size(), headRoom), m_limits.maxHead));
    return m_in.tail();
}

std::size_t RequestParser::bodyRoom() const
{
    if (m_body.size() < m_body.capacity())
        return m_body.capacity();
    return std::min<std::size_t>(m_length, std::max(2 * m_body.size(), bodyStep));
}

std::size_t RequestParser::held() const
{
    return m_in.capacity() + (readsBodyApart() ? bodyRoom() : m_body.capacity());
}

void RequestParser::commit(std::size_t count)
{
    if (m_state == State::Complete && (!m_ahead.empty() || m_in.tail().empty()))
        m_ahead.commit(count);
    else if (readsBodyApart())
        m_body.commit(count);
    else if (m_state == State::Head && m_in.capacity() == 0)
        takeScratch(count);
    else
        m_in.commit(count);
}

void RequestParser::takeScratch(std::size_t count)
{
    m_in.reserve(count + headRoom / 2);
    m_in.append({m_pool.scratch().data(), count});
}

RequestParser::State RequestParser::advance()
{
    if (m_state == State::Head)
        advanceHead();
    if (m_state == State::Body)
        advanceBody();
    return m_state;
}

RequestParser::State RequestParser::refuse(int status, const char *why)
{
    m_status = status;
    m_problem = why;
    m_keepAlive = false;
    return m_state = State::Refused;
}

const char *RequestParser::oddFirstByte() const
{
    if (m_in.data()[0] == 0x16)
        return "the bytes look like TLS, but this port speaks plain HTTP; use http:// or set gateway.tls";
    return isToken(m_in.view().substr(0, 1)) ? nullptr : "the request does not begin with a method";
}

RequestParser::State RequestParser::advanceHead()
{
    // RFC 9112 2.2: one empty line in front of a request is forgiven.
    if (m_scan.scanned == 0 && !m_emptyLineForgiven && m_in.size() >= 2 && m_in.data()[0] == '\r' && m_in.data()[1] == '\n') {
        m_in.consume(2);
        m_emptyLineForgiven = true;
    }
    if (m_in.empty() || (m_scan.scanned == 0 && !m_emptyLineForgiven && m_in.size() == 1 && m_in.data()[0] == '\r'))
        return m_state;
    if (m_scan.scanned == 0) {
        if (const char *odd = oddFirstByte())
            return refuse(400, odd);
    }
    switch (m_scan.advance(m_in.view())) {
    case HeadScan::Found::BareLineFeed: return refuse(400, "a line of the head ends in a bare line feed");
    case HeadScan::Found::More:
        if (m_in.size() > m_limits.maxHead)
            return refuse(431, "the request's head is larger than gateway.max_header");
        return m_state;
    case HeadScan::Found::End: break;
    }
    m_headSize = m_scan.lineStart;
    if (m_headSize > m_limits.maxHead)
        return refuse(431, "the request's head is larger than gateway.max_header");
    m_in.reserve(m_headSize + chunkRoom); // before there are views: chunks need room behind the head
    parseHead(m_in.view().substr(0, m_headSize));
    if (m_state == State::Body && m_framing == Framing::Chunked && m_in.capacity() < m_headSize + manyChunksRoom / 2) {
        m_in.reserve(m_headSize + manyChunksRoom);
        parseHead(m_in.view().substr(0, m_headSize)); // its views have moved
    }
    return m_state;
}

RequestParser::State RequestParser::parseHead(std::string_view head)
{
    const std::size_t lineEnd = head.find("\r\n");
    m_headers.clear();
    m_targetAuthority = {};
    if (const char *problem = parseRequestLine(head.substr(0, lineEnd)))
        return refuse(400, problem);
    if (const char *problem = parseFields(head.substr(lineEnd + 2), m_headers))
        return refuse(400, problem);
    if (m_headers.size() > maxHeaders)
        return refuse(431, "the request has more than 256 headers");
    if (const char *problem = parseFraming())
        return refuse(400, problem);
    if (m_length > m_limits.maxBody)
        return refuse(413, "the request's body is larger than gateway.max_body");

    m_used = m_headSize;
    m_bodyView = {};
    m_bodyInPlace = m_framing == Framing::None || (m_framing == Framing::Length && m_headSize + m_length <= m_in.size() + m_in.tail().size());
    if (m_framing == Framing::Length && !m_bodyInPlace) {
        m_body.reserve(std::min<std::size_t>(m_length, std::max(bodyStep, m_in.size() - m_headSize)));
        m_body.append(m_in.view().substr(m_headSize, m_length));
        m_in.truncate(m_headSize);
    }
    return m_state = State::Body;
}

const char *RequestParser::parseRequestLine(std::string_view line)
{
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return "the request line is not: method, target, version";
    m_method = line.substr(0, first);
    if (m_method.size() > maxMethod || !isToken(m_method))
        return "the request's method has a character that methods cannot have";
    const std::string_view version = line.substr(last + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return "the request is neither HTTP/1.1 nor HTTP/1.0";
    m_http10 = version == "HTTP/1.0";
    return parseTarget(line.substr(first + 1, last - first - 1));
}

const char *RequestParser::parseTarget(std::string_view target)
{
    if (target.empty() || !std::ranges::all_of(target, isTargetChar))
        return "the request's target has a character that targets cannot have";
    if (target.front() != '/' && target != "*") {
        // The absolute form; its authority counts, not the Host header's (RFC 9112 3.2.2).
        const std::size_t scheme = target.starts_with("http://") ? 7 : target.starts_with("https://") ? 8 : 0;
        if (scheme == 0)
            return "the request's target is neither a path nor an http address";
        target.remove_prefix(scheme);
        const std::size_t end = std::min(target.find_first_of("/?"), target.size());
        m_targetAuthority = target.substr(0, end);
        if (m_targetAuthority.empty() || m_targetAuthority.find('@') != std::string_view::npos)
            return "the request's target names no host";
        target.remove_prefix(end);
        if (target.empty())
            target = "/";
    }
    if (target == "*" && m_method != "OPTIONS")
        return "only OPTIONS takes the target *";
    const std::size_t question = target.find('?');
    m_path = target.substr(0, question);
    if (m_path.empty())
        m_path = "/";
    m_query = question == std::string_view::npos ? std::string_view {} : target.substr(question + 1);
    return nullptr;
}

const char *RequestParser::parseFraming()
{
    m_framing = Framing::None;
    m_length = 0;
    m_keepAlive = !m_http10;
    m_expectsContinue = false;
    m_contentEncoding = {};
    int lengths = 0;
    int codings = 0;
    int hosts = 0;
    for (pipeline::HeaderView &field : m_headers) {
        // By length first: nearly every header is none of these.
        switch (field.name.size()) {
        case 4:
            if (equalsIgnoringCase(field.name, "host")) {
                ++hosts;
                if (!m_targetAuthority.empty())
                    field.value = m_targetAuthority;
            }
            break;
        case 6:
            if (equalsIgnoringCase(field.name, "expect"))
                m_expectsContinue = !m_http10 && equalsIgnoringCase(field.value, "100-continue");
            break;
        case 10:
            if (equalsIgnoringCase(field.name, "connection")) {
                if (listHas(field.value, "close"))
                    m_keepAlive = false;
                else if (m_http10 && listHas(field.value, "keep-alive"))
                    m_keepAlive = true;
            }
            break;
        case 14:
            if (equalsIgnoringCase(field.name, "content-length")) {
                const auto length = parseLength(field.value);
                if (!length)
                    return "Content-Length is not a number";
                m_length = *length;
                m_framing = Framing::Length;
                ++lengths;
            }
            break;
        case 16:
            if (equalsIgnoringCase(field.name, "content-encoding") && !equalsIgnoringCase(field.value, "identity")) {
                if (!m_contentEncoding.empty())
                    return "there are two Content-Encoding headers";
                m_contentEncoding = field.value;
            }
            break;
        case 17:
            if (equalsIgnoringCase(field.name, "transfer-encoding")) {
                if (!equalsIgnoringCase(field.value, "chunked"))
                    return "Transfer-Encoding is something other than chunked";
                ++codings;
            }
            break;
        default: break;
        }
    }
    if (lengths > 1)
        return "there are two Content-Length headers";
    if (codings > 1)
        return "there are two Transfer-Encoding headers";
    if (codings == 1 && lengths == 1)
        return "Content-Length and Transfer-Encoding are both there";
    if (codings == 1 && m_http10)
        return "HTTP/1.0 knows no Transfer-Encoding";
    if (hosts > 1)
        return "there are two Host headers";
    if (hosts == 0 && !m_http10)
        return "the Host header is missing";
    if (codings == 1) {
        m_framing = Framing::Chunked;
        m_chunks.reset();
    }
    return nullptr;
}

RequestParser::State RequestParser::advanceBody()
{
    if (m_framing == Framing::None) {
        complete(m_in.view().substr(m_headSize, 0)); // empty, with the padding behind it
    } else if (m_framing == Framing::Chunked) {
        takeChunks();
    } else if (m_bodyInPlace) {
        if (m_in.size() >= m_headSize + m_length) {
            m_used = m_headSize + m_length;
            complete(m_in.view().substr(m_headSize, m_length));
        }
    } else if (m_body.size() == m_length) {
        complete(m_body.view());
    }
    return m_state;
}

RequestParser::State RequestParser::takeChunks()
{
    std::string_view input = m_in.view().substr(m_headSize);
    for (;;) {
        const ChunkDecoder::Step step = m_chunks.step(input);
        input.remove_prefix(step.used);
        switch (step.status) {
        case ChunkDecoder::Status::Bad: return refuse(400, m_chunks.problem());
        case ChunkDecoder::Status::Data:
            if (m_body.size() + step.data.size() > m_limits.maxBody)
                return refuse(413, "the request's body is larger than gateway.max_body");
            m_body.append(step.data);
            break;
        case ChunkDecoder::Status::NeedMore:
            // Taken in whole: the head stays where it is, the room behind it is free again.
            m_in.truncate(m_headSize);
            return m_state;
        case ChunkDecoder::Status::End:
            m_used = static_cast<std::size_t>(input.data() - m_in.data());
            m_body.reserve(1);
            complete(m_body.view());
            return m_state;
        }
    }
}

void RequestParser::complete(std::string_view body)
{
    m_bodyView = body;
    m_state = State::Complete;
}

std::string RequestParser::takeRest()
{
    std::string rest(m_in.view().substr(m_used));
    rest.append(m_ahead.view());
    m_in.truncate(m_used);
    m_ahead.release();
    return rest;
}

void RequestParser::next()
{
    m_in.consume(m_used);
    if (!m_ahead.empty()) {
        m_in.append(m_ahead.view());
        m_ahead.release();
    } else if (m_in.empty()) {
        m_in.release();
    }
    m_body.release();
    m_scan = {};
    m_used = m_headSize = 0;
    m_method = m_path = m_query = m_bodyView = m_contentEncoding = m_targetAuthority = {};
    m_headers.clear();
    m_http10 = m_expectsContinue = m_emptyLineForgiven = false;
    m_state = State::Head;
}

void RequestParser::releaseBuffers()
{
    m_in.release();
    m_body.release();
    m_ahead.release();
}

} // namespace gateway::net
