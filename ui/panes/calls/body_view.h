// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"
#include "gateway/core/call_log_view.h"

#include <QWidget>

namespace ui::widgets {
class CodeView;
class CopyButton;
class Label;
}

namespace ui::calls {

/// A request's or an answer's body as text: JSON indented, event streams as they came. Says why there is none.
class BodyView final : public QWidget
{
    Q_OBJECT
public:
    enum class Side { Request, Response };
    explicit BodyView(Side side, QWidget *parent = nullptr);
    void setCall(const gateway::CallDetail &detail, bool complete, const gateway::config::LogSettings &settings);
    [[nodiscard]] QString text() const;
    [[nodiscard]] QString note() const;

private:
    Side m_side;
    std::string m_body;
    widgets::Label *m_note;
    widgets::CopyButton *m_copy;
    widgets::CodeView *m_code;
};

} // namespace ui::calls
