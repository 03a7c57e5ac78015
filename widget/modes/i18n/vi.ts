/** Vietnamese texts of the modes. */
import { counted } from '../../i18n/plural.ts';
import type { ModeTexts } from './en.ts';

const letters = counted('vi', { other: 'ký tự' });

export const modesVi: ModeTexts = {
  soon: 'Phần này đang được chuẩn bị.',
  kinds: {
    'text-to-video': {
      prompt: 'Mô tả video',
      hint: 'Cảnh có gì, chuyển động ra sao, ánh sáng thế nào',
      create: 'Tạo video',
      empty: 'Video của bạn sẽ hiện ở đây',
    },
    'image-to-video': {
      prompt: 'Mô tả chuyển động',
      hint: 'Ví dụ: máy quay từ từ đi vòng quanh chiếc cốc',
      create: 'Tạo video',
      empty: 'Video của bạn sẽ hiện ở đây',
    },
    'text-to-image': {
      prompt: 'Mô tả bức ảnh',
      hint: 'Cảnh có gì, đặt ở đâu, ánh sáng thế nào',
      create: 'Tạo ảnh',
      empty: 'Ảnh của bạn sẽ hiện ở đây',
    },
    'image-to-image': {
      prompt: 'Mô tả điều cần thay đổi',
      hint: 'Ví dụ: đặt chiếc cốc lên bàn gỗ cạnh cửa sổ',
      create: 'Tạo ảnh',
      empty: 'Ảnh của bạn sẽ hiện ở đây',
    },
  },
  emptyHint: 'Hãy điền biểu mẫu bên dưới rồi nhấn nút.',
  optional: 'có thể để trống',
  lettersLeft: (count) => `Còn ${letters(count)}`,
  lettersOver: (count) => `Thừa ${letters(count)}`,
  addPicture: 'Thêm ảnh',
  pictureName: 'Ảnh mẫu',
  pictureSent: 'Phần ảnh này sẽ được dùng',
  removePicture: 'Bỏ ảnh',
  preset: 'Mẫu cài đặt',
  shape: 'Hình dạng',
  shapes: { portrait: 'Dọc', landscape: 'Ngang', square: 'Vuông' },
  seconds: 'Thời lượng',
  quality: 'Chất lượng',
  style: 'Phong cách',
  noStyle: 'Không phong cách',
  settings: 'Cài đặt',
  noPreset: 'Trang chưa thiết lập phần này. Hãy hỏi bộ phận hỗ trợ của trang.',
  writeFirst: 'Hãy viết vài từ trước',
  addPictureFirst: 'Hãy thêm ảnh trước',
  pictureTooSmall: (width, height) => `Ảnh quá nhỏ cho hình dạng này: cần ít nhất ${width} × ${height} px`,
  sending: 'Đang gửi đơn…',
  uploading: (percent) => `Đang tải ảnh lên: ${percent} %`,
  ordered: 'Đã nhận đơn',
  list: 'Kết quả',
  loadMore: 'Xem thêm',
  listFailed: 'Không đọc được danh sách.',
  expired: 'Liên kết đã hết hạn',
  errors: {
    over_budget: 'Đơn vượt quá hạn mức bạn đặt. Chưa trừ token nào.',
    not_shareable: 'Chỉ chia sẻ được video hoặc ảnh đã xong.',
  },
};
