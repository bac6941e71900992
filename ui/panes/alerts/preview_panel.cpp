// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/alerts/preview_panel.h"

#include "ui/bridge/text.h"
#include "ui/panes/alerts/preview_chart.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"

#include <QHBoxLayout>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <array>

using namespace Qt::StringLiterals;

namespace ui::alerts {

namespace {

using bridge::qt;
using widgets::Icon;
using widgets::Role;

constexpr int askAfterMs = 250; ///< typing is not followed letter by letter
constexpr std::array<std::chrono::hours, 2> ranges {std::chrono::hours {24}, gateway::api::AlertTools::longestPreview};

/// Whether it could make another preview.
bool sameRule(const gateway::config::Alert &a, const gateway::config::Alert &b) { return a.id == b.id && a.when == b.when && a.quiet == b.quiet; }

} // namespace

PreviewPanel::PreviewPanel(gateway::api::AlertTools &tools, Now now, QWidget *parent)
    : QWidget(parent), m_tools(tools), m_now(std::move(now)), m_count(new widgets::StateLabel), m_note(new widgets::ElidedLabel), m_range(new widgets::SegmentedControl({tr("24 h"), tr("7 days")})), m_stack(new QStackedLayout), m_chart(new PreviewChart),
      m_nothing(new widgets::EmptyState({})), m_skeleton(new widgets::SkeletonView), m_banner(new widgets::SectionBanner)
{
    m_count->setObjectName(u"alerts.previewCount"_s);
    m_note->setObjectName(u"alerts.previewNote"_s);
    m_range->setObjectName(u"alerts.previewRange"_s);
    m_range->setAccessibleName(tr("How far back"));
    m_range->setSmall(true);
    m_nothing->setObjectName(u"alerts.previewNothing"_s);
    m_nothing->setPicture(false);
    m_skeleton->setShape(widgets::SkeletonView::Shape::Chart);
    m_banner->setObjectName(u"alerts.previewBanner"_s);
    m_banner->addRetry();
    auto *head = new QHBoxLayout;
    head->setContentsMargins(16, 6, 12, 2);
    head->setSpacing(12);
    head->addWidget(m_count);
    head->addWidget(m_note, 1);
    head->addWidget(m_range);
    auto *bannerBox = new QWidget;
    auto *bannerLayout = new QVBoxLayout(bannerBox);
    bannerLayout->setContentsMargins(16, 8, 12, 8);
    bannerLayout->addWidget(m_banner);
    bannerLayout->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addLayout(m_stack, 1);
    for (QWidget *page : std::initializer_list<QWidget *> {m_chart, m_nothing, m_skeleton, bannerBox})
        m_stack->addWidget(page);
    m_timer.setSingleShot(true);
    m_timer.setInterval(askAfterMs);
    connect(&m_timer, &QTimer::timeout, this, &PreviewPanel::begin);
    connect(m_range, &widgets::SegmentedControl::currentChanged, this, &PreviewPanel::ask);
    connect(m_banner, &widgets::SectionBanner::retried, this, &PreviewPanel::ask);
    connect(m_skeleton, &widgets::SkeletonView::cancelled, this, [this] {
        ++m_question;
        showNothing(tr("The preview was not waited for. F5 asks again."));
    });
    showNothing(tr("Choose an alert to see what it would have done."));
}

void PreviewPanel::setAlert(const std::optional<gateway::config::Alert> &alert)
{
    if (alert && m_alert && sameRule(*alert, *m_alert)) {
        m_alert = alert;
        return;
    }
    const bool another = !alert || !m_alert || alert->id != m_alert->id;
    m_alert = alert;
    ++m_question;
    if (!alert) {
        m_count->setState(Icon::None, Role::Muted, {});
        m_note->setText({});
        return showNothing(tr("Choose an alert to see what it would have done."));
    }
    if (another)
        m_shown = false;
    askSoon();
}

void PreviewPanel::setSeen(bool seen)
{
    m_seen = seen;
    if (seen && m_stale)
        begin();
}

void PreviewPanel::ask()
{
    m_stale = true;
    if (m_seen)
        begin();
}

void PreviewPanel::askSoon()
{
    m_stale = true;
    if (!m_seen)
        return;
    widgets::setDimmed(m_chart, m_shown);
    m_timer.start();
}

void PreviewPanel::begin()
{
    m_timer.stop();
    if (!m_alert)
        return;
    m_stale = false;
    if (m_shown) {
        widgets::setDimmed(m_chart, true);
    } else {
        m_count->setState(Icon::None, Role::Muted, {});
        m_note->setText({});
        m_skeleton->begin(tr("Going over the calls of that time"));
        m_stack->setCurrentWidget(m_skeleton);
    }
    const gateway::WallTime to = m_now();
    m_tools.preview(*m_alert, {.from = to - ranges[static_cast<std::size_t>(m_range->current())], .to = to}, this,
                    [this, question = ++m_question, of = *m_alert](const gateway::Result<gateway::AlertPreview> &preview) {
                        if (question == m_question)
                            take(preview, of);
                    });
}

void PreviewPanel::take(const gateway::Result<gateway::AlertPreview> &preview, const gateway::config::Alert &of)
{
    m_skeleton->end();
    widgets::setDimmed(m_chart, false);
    m_shown = preview.has_value();
    if (preview)
        showPreview(*preview, of);
    else
        showError(preview.error());
}

void PreviewPanel::showPreview(const gateway::AlertPreview &preview, const gateway::config::Alert &of)
{
    const int fired = static_cast<int>(preview.fired);
    if (fired == 0)
        m_count->setState(Icon::Ok, Role::Ok, tr("Would not have fired"), true);
    else
        m_count->setState(severityIcon(of.severity), severityRole(of.severity), tr("Would have fired %n time(s)", nullptr, fired), true);
    QStringList notes;
    if (preview.told < preview.fired)
        notes << tr("%1 in quiet hours").arg(widgets::count(preview.fired - preview.told));
    if (gateway::config::infoOf(of.when.metric).ofCalls)
        notes << tr("%1 calls looked at").arg(widgets::count(preview.calls));
    if (of.when.scope != AlertScope::Organisation && of.when.subject.empty()) {
        notes << subjectCount(of.when.scope, static_cast<int>(preview.subjects));
        if (preview.subjects > preview.series.size())
            notes << tr("the %1 nearest to it are drawn").arg(preview.series.size());
    }
    m_note->setText(notes.join(u" · "_s));
    if (preview.series.empty())
        return showNothing(tr("There was no call in that time that it looks at."));
    m_chart->setPreview(preview, of.when);
    m_stack->setCurrentWidget(m_chart);
}

void PreviewPanel::showError(const gateway::Error &error)
{
    m_count->setState(Icon::None, Role::Muted, {});
    m_note->setText({});
    if (error.code == gateway::ErrorCode::NotSupported)
        return showNothing(qt(error.message));
    const bool wrong = error.code == gateway::ErrorCode::Invalid;
    m_banner->setKind(wrong ? widgets::SectionBanner::Kind::Warning : widgets::SectionBanner::Kind::Error);
    m_banner->setContent(wrong ? tr("The rule cannot be tried as it stands") : tr("What it would have done cannot be told"), qt(error.message));
    m_stack->setCurrentWidget(m_banner->parentWidget());
}

void PreviewPanel::showNothing(const QString &sentence)
{
    m_skeleton->end();
    m_nothing->setSentence(sentence);
    m_stack->setCurrentWidget(m_nothing);
}

} // namespace ui::alerts
