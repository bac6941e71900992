// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/config.h"

#include <QWidget>

class QLineEdit;

namespace ui::routes {

/// What a retry or fallback reacts to, as chips that are switched on and off; they wrap. Items that are in the set and
/// not among the usual ones are shown too; the last chip takes a status code of one's own. Arrow keys walk, Space switches.
class FailureChips final : public QWidget
{
    Q_OBJECT
public:
    explicit FailureChips(const QString &name, QWidget *parent = nullptr);
    void setItems(const gateway::config::FailureSet &set);
    [[nodiscard]] const gateway::config::FailureSet &items() const { return m_set; }
    void setEditable(bool editable);
    [[nodiscard]] QRect chipRect(const QString &item) const;
    [[nodiscard]] QRect addRect() const; ///< the chip that takes another code; empty where nothing may be edited

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, sizeHint().height()}; }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

Q_SIGNALS:
    void changed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    [[nodiscard]] QList<QRect> rects(int width) const;
    [[nodiscard]] bool on(const QString &item) const;
    void toggle(int index);
    void typeCode(const QString &begun = {});
    void takeCode();
    void fit();
    void describe();

    [[nodiscard]] int addIndex() const { return static_cast<int>(m_shown.size()); }

    QString m_name;
    QStringList m_shown;
    gateway::config::FailureSet m_set;
    int m_current = 0;
    bool m_editable = true;
    QLineEdit *m_code = nullptr; ///< while a code is being typed
};

} // namespace ui::routes
