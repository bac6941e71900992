// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

namespace ui::settings {

/// Sizes of files as one bar with a legend under it, which takes as many lines as it needs.
class StorageBar final : public QWidget
{
    Q_OBJECT
public:
    struct Part
    {
        QString name;
        qint64 bytes = 0;
    };
    explicit StorageBar(QWidget *parent = nullptr);
    void setParts(const QList<Part> &parts);
    [[nodiscard]] QSize sizeHint() const override { return {400, heightForWidth(width())}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {280, heightForWidth(width())}; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QStringList texts() const;
    [[nodiscard]] QList<QPoint> places(int width) const; ///< of the legend's entries
    QList<Part> m_parts;
};

} // namespace ui::settings
