// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/alert_tools.h"
#include "gateway/config/alert.h"

#include <QTimer>
#include <QWidget>

#include <functional>
#include <optional>

class QStackedLayout;

namespace ui::widgets {
class ElidedLabel;
class EmptyState;
class SectionBanner;
class SegmentedControl;
class SkeletonView;
class StateLabel;
}

namespace ui::alerts {

class PreviewChart;

/// What the chosen alert, as it stands in the draft, would have done in the last day or week, by the gateway's own engine over
/// the call log. Asks a moment after the last change, and only while it is seen. GUI thread.
class PreviewPanel final : public QWidget
{
    Q_OBJECT
public:
    using Now = std::function<gateway::WallTime()>;
    /// @param tools  outlives this
    PreviewPanel(gateway::api::AlertTools &tools, Now now, QWidget *parent = nullptr);

    void setAlert(const std::optional<gateway::config::Alert> &alert);
    void setSeen(bool seen);
    void ask(); ///< anew, though nothing changed

private:
    void askSoon();
    void begin();
    void take(const gateway::Result<gateway::AlertPreview> &preview, const gateway::config::Alert &of);
    void showPreview(const gateway::AlertPreview &preview, const gateway::config::Alert &of);
    void showError(const gateway::Error &error);
    void showNothing(const QString &sentence);

    gateway::api::AlertTools &m_tools;
    Now m_now;
    std::optional<gateway::config::Alert> m_alert;
    QTimer m_timer;
    quint64 m_question = 0;   ///< an answer to an older one is dropped
    bool m_seen = false, m_stale = true, m_shown = false;
    widgets::StateLabel *m_count;
    widgets::ElidedLabel *m_note;
    widgets::SegmentedControl *m_range;
    QStackedLayout *m_stack;
    PreviewChart *m_chart;
    widgets::EmptyState *m_nothing;
    widgets::SkeletonView *m_skeleton;
    widgets::SectionBanner *m_banner;
};

} // namespace ui::alerts
