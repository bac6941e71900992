// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/settings/setting_row.h"

#include <QTimer>

namespace ui::settings {

/// How large the full-text index is, and how far; there while it is switched on.
class FullTextLine final : public SettingLine
{
    Q_OBJECT
public:
    explicit FullTextLine(gateway::api::Gateway &gateway, QWidget *parent = nullptr);
    [[nodiscard]] bool isOn() const; ///< there is something to show

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void refresh();

    gateway::api::Gateway &m_gateway;
    widgets::Label *m_words;
    QTimer m_every;
};

} // namespace ui::settings
