// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace ui::routes {

/// A line over a split in which its shares are typed: "90 / 10". Announces as many numbers as there were, or none; Escape
/// and anything else gives up. Deletes itself when it is done.
class ShareEdit final : public QLineEdit
{
    Q_OBJECT
public:
    ShareEdit(const QList<int> &shares, const QRect &where, QWidget *parent);

Q_SIGNALS:
    void typed(const QList<int> &shares);
    void done();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void finish(bool take);
    qsizetype m_count;
    bool m_done = false;
};

} // namespace ui::routes
