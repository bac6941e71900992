// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/line_packer.h"

#include <array>
#include <zlib.h>
#include <zstd.h>

namespace gateway::storage {

namespace {

constexpr std::size_t pieceBytes = 64 * 1024;
constexpr int gzipWindow = 15 + 16; // with gzip's head and sum

Result<> failed(const char *words)
{
    return fail(ErrorCode::Internal, std::string("Packing failed: ") + words + '.');
}

} // namespace

class LinePacker::Coder
{
public:
    virtual ~Coder() = default;
    virtual Result<> add(std::string_view text, bool last, std::string &out) = 0;
};

class LinePacker::GzipCoder final : public Coder
{
public:
    GzipCoder() { m_good = deflateInit2(&m_stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK; }
    ~GzipCoder() override
    {
        if (m_good)
            deflateEnd(&m_stream);
    }

    Result<> add(std::string_view text, bool last, std::string &out) override
    {
        if (!m_good)
            return failed("there is no memory");
        do { // zlib counts in 32 bits
            const std::string_view piece = text.substr(0, std::size_t {1} << 30);
            text.remove_prefix(piece.size());
            m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(piece.data())); // which it only reads
            m_stream.avail_in = static_cast<uInt>(piece.size());
            do {
                m_stream.next_out = m_piece.data();
                m_stream.avail_out = static_cast<uInt>(m_piece.size());
                if (deflate(&m_stream, last && text.empty() ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
                    return failed("zlib is in no state for it");
                out.append(reinterpret_cast<const char *>(m_piece.data()), m_piece.size() - m_stream.avail_out);
            } while (m_stream.avail_out == 0);
        } while (!text.empty());
        return {};
    }

private:
    z_stream m_stream {};
    bool m_good = false;
    std::array<Bytef, pieceBytes> m_piece {};
};

class LinePacker::ZstdCoder final : public Coder
{
public:
    ZstdCoder() : m_stream(ZSTD_createCStream(), &ZSTD_freeCStream) {}

    Result<> add(std::string_view text, bool last, std::string &out) override
    {
        if (!m_stream)
            return failed("there is no memory");
        ZSTD_inBuffer in {text.data(), text.size(), 0};
        while (true) {
            ZSTD_outBuffer piece {m_piece.data(), m_piece.size(), 0};
            const std::size_t left = ZSTD_compressStream2(m_stream.get(), &piece, &in, last ? ZSTD_e_end : ZSTD_e_continue);
            if (ZSTD_isError(left) != 0)
                return failed(ZSTD_getErrorName(left));
            out.append(m_piece.data(), piece.pos);
            if (last ? left == 0 : in.pos == in.size)
                return {};
        }
    }

private:
    std::unique_ptr<ZSTD_CStream, decltype(&ZSTD_freeCStream)> m_stream;
    std::array<char, pieceBytes> m_piece {};
};

Packing packingOf(std::string_view path)
{
    return path.ends_with(".gz") ? Packing::Gzip : path.ends_with(".zst") ? Packing::Zstd : Packing::None;
}

LinePacker::LinePacker(Packing packing)
{
    if (packing == Packing::Gzip)
        m_coder = std::make_unique<GzipCoder>();
    else if (packing == Packing::Zstd)
        m_coder = std::make_unique<ZstdCoder>();
}

LinePacker::~LinePacker() = default;

Result<> LinePacker::add(std::string_view text, std::string &out)
{
    if (m_coder)
        return m_coder->add(text, false, out);
    out.append(text);
    return {};
}

Result<> LinePacker::finish(std::string &out)
{
    return m_coder ? m_coder->add({}, true, out) : Result<> {};
}

} // namespace gateway::storage
