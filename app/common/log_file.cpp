// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/log_file.h"

#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace app {

LogFile::LogFile(std::filesystem::path folder, std::int64_t most, int files) : m_folder(std::move(folder)), m_most(most), m_files(files)
{
    open();
}

LogFile::~LogFile()
{
    if (m_file >= 0)
        ::close(m_file);
}

std::filesystem::path LogFile::name(int age) const
{
    return m_folder / (age == 0 ? std::string("signalbox.log") : "signalbox.log." + std::to_string(age));
}

void LogFile::open()
{
    m_file = ::open(name(0).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct stat state {};
    m_size = m_file >= 0 && ::fstat(m_file, &state) == 0 ? state.st_size : 0;
}

void LogFile::turn()
{
    if (m_file >= 0)
        ::close(m_file);
    std::error_code ignored;
    std::filesystem::remove(name(m_files - 1), ignored);
    for (int age = m_files - 2; age >= 0; --age)
        std::filesystem::rename(name(age), name(age + 1), ignored);
    open();
}

void LogFile::write(std::string_view line)
{
    if (m_size > 0 && m_size + static_cast<std::int64_t>(line.size()) > m_most)
        turn();
    if (m_file < 0)
        open();
    if (m_file >= 0 && ::write(m_file, line.data(), line.size()) > 0)
        m_size += static_cast<std::int64_t>(line.size());
}

} // namespace app
