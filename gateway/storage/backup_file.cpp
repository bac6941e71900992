// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/backup_file.h"

#include "gateway/core/text.h"
#include "gateway/storage/backup_seal.h"
#include "gateway/storage/secret_entries.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway::storage {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view magic = "SIGNALBOX BACKUP ";
constexpr std::string_view firstLine = "SIGNALBOX BACKUP 1\n";
constexpr std::size_t largestHeader = 64 * 1024;
constexpr std::size_t largestFrame = BackupWriter::largestData + 1024;
constexpr std::uint32_t endMark = 0xffffffff;
constexpr std::size_t checksumBytes = 32;
enum : char { beginsPart = 1, isData = 2, endsAll = 3 };

using Checksum = std::array<unsigned char, checksumBytes>;

class Hash
{
public:
    Hash() { crypto_generichash_init(&m_state, nullptr, 0, checksumBytes); }
    void add(std::string_view bytes) { crypto_generichash_update(&m_state, reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size()); }
    Checksum sum()
    {
        Checksum sum {};
        crypto_generichash_final(&m_state, sum.data(), sum.size());
        return sum;
    }

private:
    crypto_generichash_state m_state {};
};

std::string lengthBytes(std::uint32_t length)
{
    std::string bytes(4, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(length >> (8 * i) & 0xff);
    return bytes;
}

std::uint32_t lengthOf(std::string_view bytes)
{
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < 4; ++i)
        length |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return length;
}

std::unexpected<Error> systemFailure(std::string_view doing, const std::string &path)
{
    return fail(ErrorCode::Io, fmt::format("{} {} failed: {}.", doing, path, std::strerror(errno)), path);
}

std::unexpected<Error> damaged(const std::string &path)
{
    return fail(ErrorCode::Invalid, fmt::format("The backup {} is damaged: it was cut or changed since it was made. Nothing was restored.", path), path);
}

Json toJson(const BackupHeader &header)
{
    return {{"program", header.program}, {"made_us", header.madeUs}, {"configuration_version", header.configVersion}, {"call_log_version", header.callsVersion}, {"calls", header.calls},
            {"installation", header.installation}};
}

bool fromJson(const Json &json, BackupHeader &header)
{
    const auto isNumber = [&](const char *name) { return json.contains(name) && json[name].is_number_integer(); };
    const auto isText = [&](const char *name) { return json.contains(name) && json[name].is_string(); };
    if (!json.is_object() || !isText("program") || !isText("installation") || !isNumber("made_us") || !isNumber("configuration_version") || !isNumber("call_log_version")
        || !json.contains("calls") || !json["calls"].is_boolean())
        return false;
    header = {.program = json["program"], .madeUs = json["made_us"], .configVersion = json["configuration_version"], .callsVersion = json["call_log_version"], .calls = json["calls"],
              .installation = json["installation"], .sealed = json.contains("seal")};
    return true;
}

/// Whether a file may be replaced: it is a backup itself.
bool isBackup(const std::string &path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    std::array<char, magic.size()> start {};
    const bool same = file >= 0 && ::read(file, start.data(), start.size()) == static_cast<ssize_t>(start.size()) && std::string_view(start.data(), start.size()) == magic;
    if (file >= 0)
        ::close(file);
    return same;
}

} // namespace

// --- writing

class BackupWriter::Impl
{
public:
    Impl(std::string path, std::string draft, int file) : m_path(std::move(path)), m_draft(std::move(draft)), m_file(file) {}
    ~Impl()
    {
        if (m_file >= 0)
            ::close(m_file);
        if (!m_draft.empty())
            ::unlink(m_draft.c_str());
    }
    Impl(const Impl &) = delete;
    Impl &operator=(const Impl &) = delete;

    Result<> begin(const BackupHeader &header, const std::string &passphrase)
    {
        Json json = toJson(header);
        if (!passphrase.empty()) {
            if (auto begun = m_seal.emplace().begin(passphrase, json["seal"]); !begun)
                return begun;
        }
        const std::string text = json.dump();
        if (m_seal)
            m_seal->bindTo(text);
        return put(std::string(firstLine) + lengthBytes(static_cast<std::uint32_t>(text.size())) + text);
    }

    Result<> frame(char mark, std::string_view bytes)
    {
        std::string frame(1, mark);
        frame += bytes;
        if (m_seal)
            frame = m_seal->seal(frame, mark == endsAll);
        if (auto written = put(lengthBytes(static_cast<std::uint32_t>(frame.size()))); !written)
            return written;
        return put(frame);
    }

    Result<std::uint64_t> finish()
    {
        if (auto ended = frame(endsAll, {}); !ended)
            return std::unexpected(ended.error());
        if (auto marked = put(lengthBytes(endMark)); !marked)
            return std::unexpected(marked.error());
        const Checksum sum = m_hash.sum();
        if (auto written = put({reinterpret_cast<const char *>(sum.data()), sum.size()}); !written)
            return std::unexpected(written.error());
        if (::fsync(m_file) != 0 || ::rename(m_draft.c_str(), m_path.c_str()) != 0)
            return systemFailure("Writing the backup", m_path);
        m_draft.clear();
        const int folder = ::open(std::filesystem::path(m_path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder >= 0) {
            ::fsync(folder);
            ::close(folder);
        }
        return m_size;
    }

private:
    Result<> put(std::string_view bytes)
    {
        m_hash.add(bytes);
        m_size += bytes.size();
        while (!bytes.empty()) {
            const ssize_t written = ::write(m_file, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written <= 0)
                return systemFailure("Writing the backup", m_path);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }

    std::string m_path;
    std::string m_draft; ///< empty: it has its name
    int m_file;
    std::optional<BackupSeal> m_seal;
    Hash m_hash;
    std::uint64_t m_size = 0;
};

BackupWriter::BackupWriter(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
BackupWriter::~BackupWriter() = default;

Result<std::unique_ptr<BackupWriter>> BackupWriter::create(const std::string &path, BackupHeader header, const std::string &passphrase)
{
    std::error_code error;
    const std::filesystem::path whole = std::filesystem::absolute(path, error);
    if (std::filesystem::exists(std::filesystem::symlink_status(whole, error)) && !isBackup(whole.string()))
        return fail(ErrorCode::Conflict, fmt::format("{} is there already and is no backup. Give another name.", whole.string()), whole.string());
    const std::string draft = (whole.parent_path() / fmt::format(".{}.{}.part", whole.filename().string(), randomWord(8))).string();
    const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return systemFailure("Writing the backup", whole.string());
    auto impl = std::make_unique<Impl>(whole.string(), draft, file);
    if (auto begun = impl->begin(header, passphrase); !begun)
        return std::unexpected(begun.error());
    return std::unique_ptr<BackupWriter>(new BackupWriter(std::move(impl)));
}

Result<> BackupWriter::part(std::string_view name) { return m_impl->frame(beginsPart, name); }
Result<> BackupWriter::data(std::string_view bytes) { return m_impl->frame(isData, bytes); }
Result<std::uint64_t> BackupWriter::finish() { return m_impl->finish(); }

// --- reading

class BackupReader::Impl
{
public:
    Impl(std::string path, int file, std::uint64_t size) : m_path(std::move(path)), m_file(file), m_size(size) {}
    ~Impl() { ::close(m_file); }
    Impl(const Impl &) = delete;
    Impl &operator=(const Impl &) = delete;

    Result<> readHeader()
    {
        std::string line;
        if (!take(firstLine.size(), line) || !line.starts_with(magic))
            return fail(ErrorCode::Invalid, fmt::format("{} is no backup of Signalbox.", m_path), m_path);
        if (line != firstLine)
            return fail(ErrorCode::NotSupported, fmt::format("The backup {} is of a newer format than this Signalbox reads. Install the newer Signalbox. Nothing was restored.", m_path), m_path);
        std::string length;
        if (!take(4, length) || lengthOf(length) > largestHeader || !take(lengthOf(length), m_text))
            return damaged(m_path);
        const Json json = Json::parse(m_text, nullptr, false);
        if (json.is_discarded() || !fromJson(json, m_header))
            return damaged(m_path);
        if (m_header.sealed)
            m_told = json["seal"];
        m_frames = ::lseek(m_file, 0, SEEK_CUR);
        return {};
    }

    Result<> verify(const Go &go)
    {
        if (::lseek(m_file, 0, SEEK_SET) < 0 || m_size < static_cast<std::uint64_t>(m_frames) + 4 + checksumBytes)
            return damaged(m_path);
        Hash hash;
        std::string bytes;
        std::uint64_t left = m_size - checksumBytes;
        while (left > 0) {
            if (!take(static_cast<std::size_t>(std::min<std::uint64_t>(left, BackupWriter::largestData)), bytes))
                return damaged(m_path);
            hash.add(bytes);
            left -= bytes.size();
            if (go && !go(m_size - left))
                return fail(ErrorCode::Cancelled, "Ended before it was done. Nothing was restored.");
        }
        const Checksum sum = hash.sum();
        if (!take(checksumBytes, bytes) || sodium_memcmp(sum.data(), bytes.data(), sum.size()) != 0)
            return damaged(m_path);
        return {};
    }

    Result<> read(const std::string &passphrase, const std::function<Result<>(std::string_view)> &part, const std::function<Result<>(std::string_view)> &data, const Go &go)
    {
        std::optional<BackupSeal> seal;
        if (m_header.sealed) {
            if (passphrase.empty())
                return fail(ErrorCode::NotPermitted, fmt::format("The backup {} is sealed with a passphrase. Give it by --passphrase-file or SIGNALBOX_BACKUP_PASSPHRASE.", m_path), m_path);
            if (auto begun = seal.emplace().resume(passphrase, m_told); !begun)
                return begun;
            seal->bindTo(m_text);
        }
        if (::lseek(m_file, m_frames, SEEK_SET) < 0)
            return damaged(m_path);
        std::uint64_t at = static_cast<std::uint64_t>(m_frames);
        bool first = true;
        std::string length, bytes, frame;
        while (true) {
            if (!take(4, length) || lengthOf(length) > largestFrame || !take(lengthOf(length), bytes))
                return damaged(m_path);
            at += 4 + bytes.size();
            bool last = false;
            if (!seal)
                frame.swap(bytes);
            else if (!seal->open(bytes, frame, last) && first)
                return fail(ErrorCode::NotPermitted, fmt::format("This passphrase does not open the backup {}. Nothing was restored.", m_path), m_path);
            if (frame.empty() || (seal && last != (frame[0] == endsAll)))
                return damaged(m_path);
            first = false;
            const std::string_view inside = std::string_view(frame).substr(1);
            if (frame[0] == endsAll)
                return {};
            if (frame[0] != beginsPart && frame[0] != isData)
                return damaged(m_path);
            if (auto taken = frame[0] == beginsPart ? part(inside) : data(inside); !taken)
                return taken;
            if (go && !go(at))
                return fail(ErrorCode::Cancelled, "Ended before it was done. Nothing was restored.");
        }
    }

    [[nodiscard]] const BackupHeader &header() const { return m_header; }
    [[nodiscard]] std::uint64_t size() const { return m_size; }

private:
    bool take(std::size_t size, std::string &bytes)
    {
        bytes.resize(size);
        std::size_t read = 0;
        while (read < size) {
            const ssize_t came = ::read(m_file, bytes.data() + read, size - read);
            if (came < 0 && errno == EINTR)
                continue;
            if (came <= 0)
                return false;
            read += static_cast<std::size_t>(came);
        }
        return true;
    }

    std::string m_path;
    int m_file;
    std::uint64_t m_size;
    std::string m_text; ///< of the header
    BackupHeader m_header;
    Json m_told;        ///< of the encryption
    off_t m_frames = 0; ///< where they begin
};

BackupReader::BackupReader(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
BackupReader::~BackupReader() = default;

Result<std::unique_ptr<BackupReader>> BackupReader::open(const std::string &path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return systemFailure("Reading the backup", path);
    struct stat state {};
    if (::fstat(file, &state) != 0 || !S_ISREG(state.st_mode)) {
        ::close(file);
        return fail(ErrorCode::Invalid, fmt::format("{} is no file.", path), path);
    }
    auto impl = std::make_unique<Impl>(path, file, static_cast<std::uint64_t>(state.st_size));
    if (auto read = impl->readHeader(); !read)
        return std::unexpected(read.error());
    return std::unique_ptr<BackupReader>(new BackupReader(std::move(impl)));
}

const BackupHeader &BackupReader::header() const { return m_impl->header(); }
std::uint64_t BackupReader::size() const { return m_impl->size(); }
Result<> BackupReader::verify(const Go &go) { return m_impl->verify(go); }

Result<> BackupReader::read(const std::string &passphrase, const std::function<Result<>(std::string_view name)> &part, const std::function<Result<>(std::string_view bytes)> &data, const Go &go)
{
    return m_impl->read(passphrase, part, data, go);
}

} // namespace gateway::storage
