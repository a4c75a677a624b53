export { AttentionLayer, type AttentionLayerArgs } from './attention-layer.js';
export { AttentionPooling, type AttentionPoolingArgs } from './attention-pooling.js';
