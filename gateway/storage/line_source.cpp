// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/line_source.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <string_view>
#include <zlib.h>
#include <zstd.h>

namespace gateway::storage {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t pieceBytes = 128 * 1024;
constexpr std::string_view gzipMark = "\x1f\x8b";
constexpr std::string_view zstdMark = "\x28\xb5\x2f\xfd";
constexpr int gzipWindow = 15 + 16;
constexpr int largestZstdWindow = 27; // 128 MB: what zstd itself takes unless told otherwise

std::unexpected<Error> damaged(const std::string &path, std::string_view words)
{
    return fail(ErrorCode::Invalid, fmt::format("{} is damaged: {}.", path, words));
}

} // namespace

/// The file's bytes, and how they unpack.
class LineSource::Input
{
public:
    Input(std::string filePath, std::ifstream opened, std::uint64_t size) : path(std::move(filePath)), file(std::move(opened)), all(size) {}
    virtual ~Input() = default;
    /// Puts the next text into `out`. @return false: it ended
    virtual Result<bool> read(std::string &out) = 0;

    const std::string path;
    std::ifstream file;
    const std::uint64_t all;
    std::uint64_t done = 0;

protected:
    /// The next raw bytes. @return how many; 0: the end
    Result<std::size_t> raw()
    {
        file.read(m_raw.data(), static_cast<std::streamsize>(m_raw.size()));
        if (file.bad())
            return fail(ErrorCode::Io, fmt::format("{} cannot be read.", path));
        const auto count = static_cast<std::size_t>(file.gcount());
        done += count;
        return count;
    }
    std::array<char, pieceBytes> m_raw {};
};

class LineSource::PlainInput final : public Input
{
public:
    using Input::Input;
    Result<bool> read(std::string &out) override
    {
        const auto count = raw();
        if (!count)
            return std::unexpected(count.error());
        out.assign(m_raw.data(), *count);
        return *count > 0;
    }
};

class LineSource::GzipInput final : public Input
{
public:
    GzipInput(std::string filePath, std::ifstream opened, std::uint64_t size) : Input(std::move(filePath), std::move(opened), size) { m_good = inflateInit2(&m_stream, gzipWindow) == Z_OK; }
    ~GzipInput() override
    {
        if (m_good)
            inflateEnd(&m_stream);
    }

    Result<bool> read(std::string &out) override
    {
        out.clear();
        while (out.empty()) {
            if (!m_good)
                return fail(ErrorCode::Internal, "There is no memory to unpack with.");
            if (m_stream.avail_in == 0) {
                const auto count = raw();
                if (!count)
                    return std::unexpected(count.error());
                if (*count == 0)
                    return m_within ? Result<bool>(damaged(path, "it ends too early")) : false;
                m_stream.next_in = reinterpret_cast<Bytef *>(m_raw.data());
                m_stream.avail_in = static_cast<uInt>(*count);
            }
            out.resize(pieceBytes);
            m_stream.next_out = reinterpret_cast<Bytef *>(out.data());
            m_stream.avail_out = static_cast<uInt>(out.size());
            m_within = true;
            const int state = inflate(&m_stream, Z_NO_FLUSH);
            out.resize(pieceBytes - std::min<std::size_t>(m_stream.avail_out, pieceBytes));
            if (state == Z_STREAM_END) { // another part may follow, as of files that were joined
                m_within = false;
                inflateReset(&m_stream);
            } else if (state != Z_OK && state != Z_BUF_ERROR) {
                return damaged(path, "gzip cannot unpack it");
            }
        }
        return true;
    }

private:
    z_stream m_stream {};
    bool m_good = false;
    bool m_within = false; ///< a part that has not ended
};

class LineSource::ZstdInput final : public Input
{
public:
    ZstdInput(std::string filePath, std::ifstream opened, std::uint64_t size) : Input(std::move(filePath), std::move(opened), size), m_stream(ZSTD_createDStream(), &ZSTD_freeDStream)
    {
        if (m_stream)
            ZSTD_DCtx_setParameter(m_stream.get(), ZSTD_d_windowLogMax, largestZstdWindow);
    }

    Result<bool> read(std::string &out) override
    {
        out.clear();
        while (out.empty()) {
            if (!m_stream)
                return fail(ErrorCode::Internal, "There is no memory to unpack with.");
            if (m_in.pos == m_in.size && !m_more) {
                const auto count = raw();
                if (!count)
                    return std::unexpected(count.error());
                if (*count == 0)
                    return m_within ? Result<bool>(damaged(path, "it ends too early")) : false;
                m_in = {m_raw.data(), *count, 0};
            }
            out.resize(pieceBytes);
            ZSTD_outBuffer piece {out.data(), out.size(), 0};
            const std::size_t left = ZSTD_decompressStream(m_stream.get(), &piece, &m_in);
            if (ZSTD_isError(left) != 0)
                return damaged(path, ZSTD_getErrorName(left));
            m_more = piece.pos == piece.size;
            m_within = left != 0;
            out.resize(piece.pos);
        }
        return true;
    }

private:
    std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> m_stream;
    ZSTD_inBuffer m_in {nullptr, 0, 0};
    bool m_more = false;   ///< it may hold text for which there was no room
    bool m_within = false; ///< a frame that has not ended
};

LineSource::LineSource(std::unique_ptr<Input> input, std::size_t longest) : m_input(std::move(input)), m_longest(longest) {}
LineSource::~LineSource() = default;

std::uint64_t LineSource::done() const { return m_input->done; }
std::uint64_t LineSource::all() const { return m_input->all; }

Result<std::unique_ptr<LineSource>> LineSource::open(const std::string &path, std::size_t longest)
{
    std::error_code error;
    std::ifstream file(path, std::ios::binary);
    if (!file || fs::is_directory(path, error))
        return fail(ErrorCode::Io, fmt::format("{} cannot be read; check that it is there and that this user may read it.", path));
    const std::uintmax_t size = fs::file_size(path, error);
    const std::uint64_t all = error ? 0 : size;
    std::array<char, 4> head {};
    file.read(head.data(), head.size());
    const std::string_view begin(head.data(), static_cast<std::size_t>(file.gcount()));
    file.clear();
    file.seekg(0);
    std::unique_ptr<Input> input;
    if (begin.starts_with(gzipMark))
        input = std::make_unique<GzipInput>(path, std::move(file), all);
    else if (begin.starts_with(zstdMark))
        input = std::make_unique<ZstdInput>(path, std::move(file), all);
    else
        input = std::make_unique<PlainInput>(path, std::move(file), all);
    return std::unique_ptr<LineSource>(new LineSource(std::move(input), longest));
}

Result<LineSource::Kind> LineSource::next(std::string &line)
{
    line.clear();
    bool some = false, tooLong = false;
    while (true) {
        if (m_at == m_piece.size()) {
            m_at = 0;
            const auto more = m_input->read(m_piece);
            if (!more)
                return std::unexpected(more.error());
            if (!*more) {
                m_piece.clear();
                m_number += some ? 1 : 0;
                return tooLong ? Kind::TooLong : some ? Kind::Line : Kind::End;
            }
        }
        const std::size_t end = m_piece.find('\n', m_at);
        const std::string_view part = std::string_view(m_piece).substr(m_at, end == std::string::npos ? std::string::npos : end - m_at);
        some = true;
        tooLong = tooLong || line.size() + part.size() > m_longest;
        if (tooLong)
            line.clear();
        else
            line.append(part);
        m_at += part.size();
        if (end == std::string::npos)
            continue;
        ++m_at;
        ++m_number;
        if (line.ends_with('\r'))
            line.pop_back();
        return tooLong ? Kind::TooLong : Kind::Line;
    }
}

} // namespace gateway::storage
