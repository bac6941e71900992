// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/settings/full_text_line.h"

#include "gateway/api/full_text.h"
#include "ui/bridge/text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <climits>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::settings {

namespace {

constexpr int refreshEveryMs = 1000;

} // namespace

FullTextLine::FullTextLine(gateway::api::Gateway &gateway, QWidget *parent)
    : SettingLine(tr("Full-text index"), tr("Backups leave it out: it is made again from the log."), u"full text search size index log.full_text"_s, parent), m_gateway(gateway), m_words(new widgets::Label(widgets::Label::Kind::Secondary))
{
    setObjectName(u"settings.fullTextIndex"_s);
    m_words->setObjectName(u"settings.fullTextIndex.words"_s);
    m_words->setWordWrap(true);
    setField(m_words);
    m_every.setInterval(refreshEveryMs);
    connect(&m_every, &QTimer::timeout, this, &FullTextLine::refresh);
    refresh();
}

bool FullTextLine::isOn() const
{
    return m_gateway.config()->gateway.log.fullText && gateway::api::FullText::of(m_gateway) != nullptr;
}

void FullTextLine::showEvent(QShowEvent *event)
{
    SettingLine::showEvent(event);
    refresh();
    m_every.start();
}

void FullTextLine::hideEvent(QHideEvent *event)
{
    SettingLine::hideEvent(event);
    m_every.stop();
}

void FullTextLine::refresh()
{
    const auto *fullText = gateway::api::FullText::of(m_gateway);
    if (fullText == nullptr)
        return;
    const gateway::api::TextIndexState state = fullText->state();
    const QDir folder(bridge::qt(m_gateway.dataFolder()));
    std::uint64_t all = state.bytes;
    for (const QString &name : {u"calls.db"_s, u"calls.db-wal"_s})
        all += static_cast<std::uint64_t>(QFileInfo(folder.filePath(name)).size());
    const QString size = tr("%1 of %2").arg(widgets::bytes(state.bytes), widgets::bytes(all));
    const QString calls = tr("index of %n call(s)", nullptr, static_cast<int>(std::min<std::uint64_t>(state.calls, INT_MAX)));
    const QString done = state.complete ? tr("up to date") : tr("%1 % done").arg(static_cast<int>(std::floor(state.done * 100)));
    m_words->setText(tr("%1; %2, %3", "size, calls, progress").arg(size, calls, done));
    setProblem(bridge::qt(state.problem));
}

} // namespace ui::settings
