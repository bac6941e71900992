// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"

#include <QWidget>

class QVBoxLayout;

namespace ui::widgets {
class Label;
}

namespace ui::providers {

/// "Found on this machine": what answers on loopback, with Add; what does not, and what is here already.
class FoundSection final : public QWidget
{
    Q_OBJECT
public:
    explicit FoundSection(QWidget *parent);
    void setAsked(const QString &when);   ///< "loopback only, asked 14:31"
    void show(const std::vector<gateway::api::LocalProvider> &found, const gateway::config::Config &config);
    using QWidget::show;

Q_SIGNALS:
    void addWanted(const gateway::config::Provider &provider);

private:
    widgets::Label *m_note;
    QVBoxLayout *m_lines;
    QWidget *m_box = nullptr;
};

} // namespace ui::providers
