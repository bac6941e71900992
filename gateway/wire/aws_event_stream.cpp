// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/wire/aws_event_stream.h"

#include "gateway/wire/json_writer.h"

#include <zlib.h>

#include <algorithm>
#include <utility>

namespace gateway::wire {
namespace {

constexpr std::size_t preludeSize = 12; // total length, headers' length, their checksum
constexpr std::size_t checksumSize = 4;
constexpr std::size_t keptBuffer = 64 * 1024; // a buffer that one large frame grew beyond this is given back

/// Big-endian, at most four bytes.
std::uint32_t number(std::string_view bytes)
{
    std::uint32_t value = 0;
    for (const char byte : bytes)
        value = value << 8 | static_cast<unsigned char>(byte);
    return value;
}

std::uint32_t checksum(std::string_view bytes)
{
    return static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef *>(bytes.data()), static_cast<uInt>(bytes.size())));
}

/// Takes that many bytes off `from`. False: it has fewer.
bool take(std::string_view &from, std::size_t size, std::string_view &taken)
{
    if (from.size() < size)
        return false;
    taken = from.substr(0, size);
    from.remove_prefix(size);
    return true;
}

bool takeNumber(std::string_view &from, std::size_t size, std::uint32_t &value)
{
    std::string_view bytes;
    if (!take(from, size, bytes))
        return false;
    value = number(bytes);
    return true;
}

constexpr std::uint32_t stringType = 7;

/// Takes a header's value, whose size is its type's or stands in front of it. False: no such type, or cut off.
bool takeValue(std::string_view &from, std::uint32_t type, std::string_view &value)
{
    constexpr std::uint32_t bytesType = 6;
    std::uint32_t size = 0;
    switch (type) {
    case 0: // true
    case 1: // false
        break;
    case 2: size = 1; break;
    case 3: size = 2; break;
    case 4: size = 4; break;
    case 5: // 64 bits
    case 8: // a time
        size = 8;
        break;
    case bytesType:
    case stringType:
        if (!takeNumber(from, 2, size))
            return false;
        break;
    case 9: size = 16; break; // a UUID
    default: return false;
    }
    return take(from, size, value);
}

} // namespace

AwsEventStreamParser::Next AwsEventStreamParser::next(AwsFrame &frame)
{
    if (std::exchange(m_frameGiven, false)) {
        m_pending.clear();
        if (m_pending.capacity() > keptBuffer)
            std::string().swap(m_pending);
    }
    if (!m_why.empty())
        return Broken;

    // Twice at most: up to the prelude, which says how long the frame is, and up to its end.
    while (!m_input.empty()) {
        const std::size_t wanted = m_total ? m_total : preludeSize;
        std::string_view bytes = m_input;
        if (m_pending.empty() && bytes.size() >= wanted) {
            bytes = bytes.substr(0, wanted);
        } else {
            const std::size_t missing = std::min(wanted - m_pending.size(), m_input.size());
            m_pending += m_input.substr(0, missing);
            m_input.remove_prefix(missing);
            if (m_pending.size() < wanted)
                return NeedMore;
            bytes = m_pending;
        }
        if (!m_total) {
            if (!checkPrelude(bytes))
                return Broken;
            continue;
        }
        m_total = 0;
        if (m_pending.empty())
            m_input.remove_prefix(wanted);
        else
            m_frameGiven = true;
        return read(bytes, frame) ? Frame : Broken;
    }
    return NeedMore;
}

bool AwsEventStreamParser::checkPrelude(std::string_view prelude)
{
    const std::size_t total = number(prelude.substr(0, 4));
    const std::size_t headers = number(prelude.substr(4, 4));
    if (number(prelude.substr(8, 4)) != checksum(prelude.substr(0, 8)))
        return broken("the checksum of a frame's prelude is wrong"), false;
    if (total > m_maxFrame)
        return broken("a frame is too large"), false;
    if (total < preludeSize + checksumSize || headers > total - preludeSize - checksumSize)
        return broken("a frame's lengths contradict each other"), false;
    m_total = total;
    return true;
}

bool AwsEventStreamParser::read(std::string_view bytes, AwsFrame &frame)
{
    frame = AwsFrame {};
    const std::size_t end = bytes.size() - checksumSize;
    if (number(bytes.substr(end)) != checksum(bytes.substr(0, end)))
        return broken("the checksum of a frame is wrong"), false;
    const std::size_t headers = number(bytes.substr(4, 4));
    frame.payload = bytes.substr(preludeSize + headers, end - preludeSize - headers);
    return readHeaders(bytes.substr(preludeSize, headers), frame) || (broken("a frame's headers cannot be read"), false);
}

bool AwsEventStreamParser::readHeaders(std::string_view headers, AwsFrame &frame)
{
    std::string_view messageType, event, exception, code, words;
    while (!headers.empty()) {
        std::uint32_t length = 0, type = 0;
        std::string_view name, value;
        if (!takeNumber(headers, 1, length) || !take(headers, length, name) || !takeNumber(headers, 1, type) || !takeValue(headers, type, value))
            return false;
        if (type != stringType)
            continue;
        if (name == ":message-type")
            messageType = value;
        else if (name == ":event-type")
            event = value;
        else if (name == ":exception-type")
            exception = value;
        else if (name == ":error-code")
            code = value;
        else if (name == ":error-message")
            words = value;
        else if (name == ":content-type")
            frame.contentType = value;
    }
    if (messageType == "exception" || (messageType.empty() && !exception.empty())) {
        frame.kind = AwsFrame::Kind::Exception;
        frame.type = exception;
    } else if (messageType == "error" || (messageType.empty() && !code.empty())) {
        frame.kind = AwsFrame::Kind::Error;
        frame.type = code;
        m_made.clear();
        JsonWriter(m_made).object().textMember("message", words).endObject();
        frame.payload = m_made;
    } else {
        frame.type = event;
    }
    return true;
}

AwsEventStreamParser::Next AwsEventStreamParser::broken(std::string_view why)
{
    m_why = why;
    return Broken;
}

} // namespace gateway::wire
