// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/config_watch.h"

#include <QCryptographicHash>
#include <QFile>

namespace app {

namespace {

constexpr int quietMs = 150;
constexpr int pollMs = 3000;
constexpr qint64 longest = 16 * 1024 * 1024; // more than any configuration that is read

QString toQt(const std::filesystem::path &path)
{
    return QString::fromStdString(path.string());
}

} // namespace

ConfigWatch::ConfigWatch(std::filesystem::path file, QObject *parent) : QObject(parent)
{
    std::error_code ignored;
    m_file = std::filesystem::absolute(file, ignored);
    m_known = content();
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(quietMs);
    m_poll.setInterval(pollMs);
    connect(&m_quiet, &QTimer::timeout, this, &ConfigWatch::look);
    connect(&m_poll, &QTimer::timeout, this, &ConfigWatch::look);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, &m_quiet, qOverload<>(&QTimer::start));
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, &m_quiet, qOverload<>(&QTimer::start));
    watchAgain();
    m_poll.start();
}

void ConfigWatch::watchAgain()
{
    m_watcher.addPath(toQt(m_file.parent_path())); // a renamed file is another file: only the folder tells of it
    if (QFile::exists(toQt(m_file)) && !m_watcher.files().contains(toQt(m_file)))
        m_watcher.addPath(toQt(m_file));
}

void ConfigWatch::look()
{
    watchAgain();
    std::string now = content();
    if (now.empty() || now == m_known)
        return;
    m_known = std::move(now);
    Q_EMIT changed();
}

std::string ConfigWatch::content() const
{
    QFile file(toQt(m_file));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(file.read(longest));
    return hash.result().toStdString();
}

} // namespace app
