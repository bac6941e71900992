// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/storage/key_source.h"

#include <fmt/format.h>

#include <QEventLoop>
#include <QTimer>
#include <qt6keychain/keychain.h>

namespace gateway::storage {

using namespace Qt::StringLiterals;

namespace {

/// Runs the job to its end, or to the limit. @return false: it did not end in time
bool runJob(QKeychain::Job &job, std::chrono::milliseconds patience)
{
    QEventLoop loop;
    bool ended = false;
    QObject::connect(&job, &QKeychain::Job::finished, &loop, [&] {
        ended = true;
        loop.quit();
    });
    QTimer::singleShot(patience, &loop, &QEventLoop::quit);
    job.setAutoDelete(false);
    job.setInsecureFallback(false);
    job.start();
    loop.exec();
    return ended;
}

std::unexpected<Error> keyringFailure(std::string_view why)
{
    return fail(ErrorCode::Io, fmt::format("The desktop's keyring did not give Signalbox its master key: {}. Unlock the keyring and start again, or leave the keyring "
                                           "out to keep the key in the file vault.key.",
                                           why),
                "the desktop's keyring");
}

} // namespace

KeyringKeySource::KeyringKeySource(std::string installation, std::chrono::milliseconds patience) : m_installation(std::move(installation)), m_patience(patience) {}

Result<MasterKey> KeyringKeySource::load()
{
    QKeychain::ReadPasswordJob job(u"signalbox"_s);
    job.setKey(u"master-key:"_s + QString::fromStdString(m_installation));
    if (!runJob(job, m_patience))
        return keyringFailure(fmt::format("no answer within {} s", std::chrono::duration_cast<std::chrono::seconds>(m_patience).count()));
    if (job.error() == QKeychain::EntryNotFound)
        return fail(ErrorCode::NotFound, "The desktop's keyring holds no master key of Signalbox.", place());
    if (job.error() != QKeychain::NoError)
        return keyringFailure(job.errorString().toStdString());
    return MasterKey::fromHex(job.textData().toStdString(), place());
}

Result<> KeyringKeySource::store(const MasterKey &key)
{
    if (auto present = load(); present)
        return fail(ErrorCode::Conflict, "The desktop's keyring holds a master key of Signalbox already; it is not overwritten.", place());
    else if (present.error().code != ErrorCode::NotFound)
        return std::unexpected(present.error());
    QKeychain::WritePasswordJob job(u"signalbox"_s);
    job.setKey(u"master-key:"_s + QString::fromStdString(m_installation));
    job.setTextData(QString::fromStdString(key.toHex()));
    if (!runJob(job, m_patience))
        return keyringFailure(fmt::format("no answer within {} s", std::chrono::duration_cast<std::chrono::seconds>(m_patience).count()));
    if (job.error() != QKeychain::NoError)
        return keyringFailure(job.errorString().toStdString());
    return {};
}

std::string KeyringKeySource::place() const
{
    return "the desktop's keyring";
}

} // namespace gateway::storage
